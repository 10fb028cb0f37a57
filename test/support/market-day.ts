/** Days of the market by a clock that is set. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { expect } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import type { RunningSystem } from '../../supervisor/testing/index.ts';
import { type Investor, limitTerms, type OrderJson, registerInvestor } from './investor.ts';
import { issueShares } from './market.ts';
import type { TestClient } from './test-client.ts';

/** An instrument that keeps New York's day in every new system. */
export const symbol = 'HUDS';

const moveTimeoutMs = 60_000;

/** A quote as JSON. */
export type QuoteJson = {
  state: string;
  lastPrice?: string;
  indicativePrice?: string;
  indicativeQuantity?: string;
  imbalanceSide?: string;
  imbalanceQuantity?: string;
  haltCause?: string;
  resumeTime?: string;
};

/** People who trade, and the staff who set the clock. */
export type DayScene = {
  system: RunningSystem;
  client: TestClient;
  admin: Investor;
  buyer: Investor;
  seller: Investor;
};

/** A buyer with cash and a seller with shares. */
export async function openScene(system: RunningSystem, client: TestClient, admin: Investor): Promise<DayScene> {
  const [buyer, seller] = await Promise.all([registerInvestor(client), registerInvestor(client)]);
  await issueShares(admin, seller, symbol, '1000');
  return { system, client, admin, buyer, seller };
}

/** Moves the clock to a time, however many calls that takes and whatever is away meanwhile. */
export async function clockTo({ admin }: Pick<DayScene, 'admin'>, time: string, speed?: number): Promise<void> {
  await eventually(
    async () => {
      const answer = await admin.call('MarketAdminService/SetClock', {
        time,
        ...(speed === undefined ? {} : { speed }),
      });
      expect(answer.arrived).toBe(true);
    },
    { timeoutMs: moveTimeoutMs },
  );
}

/** The quote once the book is in a state (without its prefix). */
export function quoteOnce({ client }: Pick<DayScene, 'client'>, state: string): Promise<QuoteJson> {
  return eventually(
    async () => {
      const { quotes } = await client.call('MarketService/ListQuotes', { symbols: [symbol] });
      const [quote] = quotes as unknown as QuoteJson[];
      expect(quote?.state).toBe(`TRADING_STATE_${state}`);
      return quote as QuoteJson;
    },
    { timeoutMs: 30_000 },
  );
}

/** Places an order under a key until it is answered, whatever is away meanwhile. */
export function placeKeyed(person: Investor, clientOrderId: string, terms: JsonObject): Promise<OrderJson> {
  return eventually(
    async () => {
      const answer = await person.call('OrderService/PlaceOrder', { clientOrderId, terms });
      return (answer as { order: OrderJson }).order;
    },
    { timeoutMs: 30_000 },
  );
}

/**
 * Orders for one auction at a price: the buyer's of 10 and the seller's of 6 and 3 that cross it, so 9 trade at it. Each is placed once, whatever is
 * away meanwhile. Returns their ids.
 */
export async function placeCrossing({ buyer, seller }: DayScene, cents: number): Promise<string[]> {
  const price = (add: number) => ((cents + add) / 100).toFixed(2);
  const orders = [
    await placeKeyed(buyer, randomUUID(), limitTerms('BUY', symbol, '10', price(0))),
    await placeKeyed(seller, randomUUID(), limitTerms('SELL', symbol, '6', price(-100))),
    await placeKeyed(seller, randomUUID(), limitTerms('SELL', symbol, '3', price(-50))),
  ];
  return orders.map(({ orderId }) => orderId);
}

/** The fills of a person as `price x quantity`, the oldest first. */
export async function fillsOf(person: Investor): Promise<string[]> {
  const { fills = [] } = await person.call('OrderService/ListFills', { pageSize: 200 });
  const all = fills as unknown as { price: string; quantity: string }[];
  return all.map(({ price, quantity }) => `${price} x ${quantity}`).reverse();
}

/** Cancels what a person has open. */
export async function cancelAll(person: Investor): Promise<void> {
  await person.call('OrderService/CancelAllOrders', {});
}

/** Halts and resumes the book. */
export function halt({ admin }: Pick<DayScene, 'admin'>) {
  return admin.call('MarketAdminService/HaltInstrument', { symbol, idempotencyKey: randomUUID() });
}

/** Resumes the book by an auction of this length, such as `300s`. */
export function resume({ admin }: Pick<DayScene, 'admin'>, auctionDuration: string) {
  return admin.call('MarketAdminService/ResumeInstrument', { symbol, idempotencyKey: randomUUID(), auctionDuration });
}

/** Ends a process of a service at once; the supervisor starts it again. */
export async function kill({ system }: Pick<DayScene, 'system'>, service: string): Promise<void> {
  const pid = await eventually(() => {
    const found = system.run().processes.find(({ name }) => name === service);
    expect(found, `${service} runs`).toBeDefined();
    return found?.pid ?? 0;
  });
  process.kill(pid, 'SIGKILL');
}
