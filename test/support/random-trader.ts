/** A person who trades at random, and repeats a call until its outcome is known. */
import { randomUUID } from 'node:crypto';
import { pause } from '#platform/time/pause.ts';
import { type Investor, limitTerms } from './investor.ts';
import { refusalOf } from './refusal.ts';

const transient = ['unavailable', 'deadline_exceeded', 'resource_exhausted', 'canceled', 'unknown', 'internal'];

/** Calls until the outcome is known: a repeat under the key is the same call. */
export async function untilAnswered(call: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    try {
      await call();
      return;
    } catch (error) {
      const { code } = await refusalOf(Promise.reject(error));
      if (!transient.includes(code)) return;
      await pause(100);
    }
  }
  throw new Error('a call was never answered');
}

/** The id of the order under a key, also where the order service is away for a moment; undefined where none is stored. */
async function findPlaced(investor: Investor, clientOrderId: string): Promise<string | undefined> {
  let orderId: string | undefined;
  await untilAnswered(async () => {
    const { order } = await investor.call('OrderService/GetOrder', { clientOrderId });
    orderId = (order as { orderId: string }).orderId;
  });
  return orderId;
}

/** Places, changes and cancels orders until the turns are over; the ids of all orders. */
export async function tradeAtRandom(investor: Investor, symbol: string, turns: number): Promise<string[]> {
  const orderIds: string[] = [];
  const below = (bound: number) => Math.floor(Math.random() * bound);
  const price = () => `${96 + below(8)}.00`;
  for (let turn = 0; turn < turns; turn += 1) {
    const key = randomUUID();
    const orderId = orderIds.at(-1 - below(3)) ?? '';
    const kind = below(10);
    if (orderId === '' || kind < 3) {
      const terms = limitTerms(below(2) === 0 ? 'BUY' : 'SELL', symbol, String(1 + below(9)), price());
      await untilAnswered(() => investor.call('OrderService/PlaceOrder', { clientOrderId: key, terms }));
      const placed = await findPlaced(investor, key);
      if (placed !== undefined) orderIds.push(placed);
    } else if (kind < 9) {
      const change = { quantity: String(1 + below(14)), ...(below(2) === 0 ? { limitPrice: price() } : {}) };
      await untilAnswered(() =>
        investor.call('OrderService/ReplaceOrder', { orderId, idempotencyKey: key, ...change }),
      );
    } else await untilAnswered(() => investor.call('OrderService/CancelOrder', { orderId }));
  }
  return orderIds;
}
