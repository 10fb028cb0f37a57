/** A book that keeps New York's day and has a circuit breaker of 10 %, which halts it for a minute and reopens it by an auction of another. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { expect } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { type Investor, limitTerms, type OrderJson } from './investor.ts';
import { type DayScene, placeKeyed, type QuoteJson, symbol } from './market-day.ts';
import { refusalOf } from './refusal.ts';
import type { TestClient } from './test-client.ts';

/** What a quote or an instrument says of an interruption. */
export type InterruptionJson = {
  state?: string;
  haltCause?: string;
  auctionStartTime?: string;
  resumeTime?: string;
  auctionEndTime?: string;
};

/** An interruption by the breaker as quotes and instruments show it in a state (without its prefix). */
export function interrupted(state: string, auctionStartTime: string, resumeTime: string): InterruptionJson {
  return { state: `TRADING_STATE_${state}`, haltCause: 'HALT_CAUSE_BREAKER', auctionStartTime, resumeTime };
}

/** The instrument once what it says of its state is this. */
export function instrumentOnce(client: TestClient, wanted: InterruptionJson): Promise<JsonObject> {
  return eventually(
    async () => {
      const { instrument } = await client.call('MarketService/GetInstrument', { symbol });
      expect(instrument).toMatchObject(wanted);
      return instrument as JsonObject;
    },
    { timeoutMs: 30_000 },
  );
}

/** Expects an order to be refused for this reason, by the preview as when it is placed. */
export async function expectRefused(person: Investor, terms: JsonObject, reason: string): Promise<void> {
  await eventually(async () => {
    const { refusal } = await person.call('OrderService/PreviewOrder', { terms });
    expect((refusal as { reason?: string } | undefined)?.reason).toBe(`ERROR_REASON_${reason}`);
    const placing = person.call('OrderService/PlaceOrder', { clientOrderId: randomUUID(), terms });
    expect((await refusalOf(placing)).reason).toBe(reason);
  });
}

/** Expects the preview to find nothing against an order, and places it. */
export async function placePreviewed(person: Investor, terms: JsonObject): Promise<OrderJson> {
  const { refusal } = await person.call('OrderService/PreviewOrder', { terms });
  expect(refusal).toBeUndefined();
  return placeKeyed(person, randomUUID(), terms);
}

/** The limit order at a price in cents. */
export function limitAt(side: 'BUY' | 'SELL', quantity: string, cents: number): JsonObject {
  return limitTerms(side, symbol, quantity, (cents / 100).toFixed(2));
}

/** The holds of a person that are in force. */
export async function holdsOf(person: Investor): Promise<JsonObject[]> {
  const { holds = [] } = await person.call('LedgerService/ListHolds');
  return holds as JsonObject[];
}

/** What a stream of quotes has said of the book's state, each change once, and its end. */
export type StateStream = { seen: string[]; end(): Promise<void> };

/** Follows the quotes of the book. */
export function followStates({ client }: Pick<DayScene, 'client'>): StateStream {
  const stop = new AbortController();
  const seen: string[] = [];
  const take = (quote: QuoteJson & InterruptionJson) => {
    const { state, haltCause = 'HALT_CAUSE_UNSPECIFIED', resumeTime = '', indicativePrice = '' } = quote;
    const words = [state.replace('TRADING_STATE_', ''), haltCause.replace('HALT_CAUSE_', ''), resumeTime];
    const line = [...words, indicativePrice].filter((word) => word !== '' && word !== 'UNSPECIFIED').join(' ');
    if (seen.at(-1) !== line) seen.push(line);
  };
  const following = (async () => {
    for await (const message of client.stream(
      'MarketService/StreamQuotes',
      { symbols: [symbol] },
      { signal: stop.signal },
    )) {
      const { snapshot, quote } = message as { snapshot?: { quotes: QuoteJson[] }; quote?: QuoteJson };
      for (const one of snapshot?.quotes ?? (quote === undefined ? [] : [quote])) take(one);
    }
  })().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return {
    seen,
    async end() {
      stop.abort();
      await following;
    },
  };
}
