/** Changes of what only some kinds of order have, through the gateway. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestClient } from '../support/clients.ts';
import { type Investor, limitTerms, orderOnce, placeOrder, registerInvestor } from '../support/investor.ts';
import { expectHeld, readStart, type Start } from '../support/kinds/exact-hold.ts';
import { issueShares, logInAdmin, openBook } from '../support/market.ts';
import { refusalOf } from '../support/refusal.ts';

const shared = inject('sharedSystem');
const client = createTestClient('connect', shared.gatewayUrl);
let admin: Investor;
let symbol: string;
let owner: Investor;
let start: Start;

beforeAll(async () => {
  admin = await logInAdmin(client, shared);
  symbol = await openBook(admin);
  [owner, start] = await trader();
  await trade('100.00');
});

async function trader(): Promise<[Investor, Start]> {
  const investor = await registerInvestor(client);
  await issueShares(admin, investor, symbol, '100');
  return [investor, await readStart(investor, symbol)];
}

/** A trade of two others at a price. */
async function trade(price: string): Promise<void> {
  const [[seller], [buyer]] = [await trader(), await trader()];
  await placeOrder(seller, limitTerms('SELL', symbol, '1', price));
  const { orderId } = await placeOrder(buyer, limitTerms('BUY', symbol, '1', price));
  await orderOnce(buyer, orderId, 'FILLED');
  // The order service's copy of prices, from which the worst price of a trailing stop follows, is a little behind the books.
  const trailing = { symbol, side: 'SIDE_SELL', type: 'ORDER_TYPE_TRAILING_STOP', quantity: '1', trailAmount: '10.00' };
  const worstCents = Math.ceil(((Number(price) - 10) * 100 * 95) / 100);
  await eventually(async () => {
    const { limitPrice } = await owner.call('OrderService/PreviewOrder', { terms: trailing });
    expect(limitPrice).toBe((worstCents / 100).toFixed(2));
  });
}

const orderIds: string[] = [];
async function place(terms: JsonObject): Promise<string> {
  const { orderId } = await placeOrder(owner, { symbol, quantity: '5', ...terms });
  orderIds.push(orderId);
  return orderId;
}
const replace = async (orderId: string, change: JsonObject) => {
  const request = { orderId, idempotencyKey: randomUUID(), ...change };
  const { order } = await owner.call('OrderService/ReplaceOrder', request);
  await expectHeld(owner, start, orderIds);
  return order as JsonObject;
};
const invalid = async (orderId: string, change: JsonObject) => {
  const call = owner.call('OrderService/ReplaceOrder', { orderId, idempotencyKey: randomUUID(), ...change });
  expect(await refusalOf(call)).toMatchObject({ code: 'invalid_argument', reason: 'INVALID_FIELD' });
};

describe('the price from which a trailing stop trails', () => {
  it('is the best one since the order was accepted', async () => {
    const orderId = await place({ side: 'SIDE_SELL', type: 'ORDER_TYPE_TRAILING_STOP', trailAmount: '10.00' });
    const reference = async () => {
      const { order } = await owner.call('OrderService/GetOrder', { orderId });
      const { orders } = (await owner.call('OrderService/ListOrders', { pageSize: 1 })) as { orders: JsonObject[] };
      const [one, listed] = [order as JsonObject, orders[0]].map((read) => read?.trailReferencePrice);
      expect(listed).toBe(one);
      return one;
    };
    // A read leaves the price out where the exchange does not say it at once.
    await eventually(async () => expect(await reference()).toBe('100.00'));
    await trade('104.50');
    await trade('100.00');
    await eventually(async () => expect(await reference()).toBe('104.50'));
    await owner.call('OrderService/CancelOrder', { orderId });
    await orderOnce(owner, orderId, 'CANCELLED');
    expect((await owner.call('OrderService/GetOrder', { orderId })).order).not.toHaveProperty('trailReferencePrice');
    await expectHeld(owner, start, orderIds);
  });
});

describe('a change of a trailing stop', () => {
  it('sets trail and worst price anew, by amount and by percent, and the new trail triggers it', async () => {
    const orderId = await place({ side: 'SIDE_SELL', type: 'ORDER_TYPE_TRAILING_STOP', trailAmount: '10.00' });
    const percent = await replace(orderId, { trailPercent: '5' });
    expect(percent).toMatchObject({ trailPercent: '5', limitPrice: '90.25', revision: 2, waiting: true });
    expect(percent).not.toHaveProperty('trailAmount');
    const amount = await replace(orderId, { trailAmount: '2' });
    expect(amount).toMatchObject({ trailAmount: '2.00', limitPrice: '93.10', revision: 3 });
    expect(amount).not.toHaveProperty('trailPercent');
    expect(await replace(orderId, { trailAmount: '3', limitPrice: '92' })).toMatchObject({ limitPrice: '92.00' });
    const [buyer] = await trader();
    await placeOrder(buyer, limitTerms('BUY', symbol, '20', '96.00'));
    const [seller] = await trader();
    await placeOrder(seller, limitTerms('SELL', symbol, '1', '96.00'));
    await orderOnce(owner, orderId, 'FILLED');
    await expectHeld(owner, start, orderIds);
  });
});

describe('a change of the expiry', () => {
  it('moves the end of an order that has one, which keeps its place, and is refused for a time that is past', async () => {
    const expireTime = new Date(Date.now() + 3_600_000).toISOString();
    const terms = { ...limitTerms('BUY', symbol, '5', '95.00'), timeInForce: 'TIME_IN_FORCE_GTD', expireTime };
    const orderId = await place(terms);
    const later = new Date(Date.now() + 7_200_000).toISOString();
    expect(await replace(orderId, { expireTime: later })).toMatchObject({ expireTime: later, revision: 2 });
    const past = { orderId, idempotencyKey: randomUUID(), expireTime: '2020-01-01T00:00:00Z' };
    expect(await refusalOf(owner.call('OrderService/ReplaceOrder', past))).toMatchObject({
      code: 'failed_precondition',
      reason: 'EXPIRE_TIME_PAST',
    });
    const soon = new Date(Date.now() + 5_000).toISOString();
    expect(await replace(orderId, { expireTime: soon })).toMatchObject({ expireTime: soon });
    expect(await orderOnce(owner, orderId, 'CANCELLED')).toMatchObject({ cancelReason: 'ORDER_CANCEL_REASON_EXPIRED' });
    await expectHeld(owner, start, orderIds);
  });
});

describe('a change of what the kind does not have', () => {
  it('is refused by name, and harms nothing', async () => {
    const orderId = await place(limitTerms('BUY', symbol, '5', '94.00'));
    await invalid(orderId, { stopPrice: '90' });
    await invalid(orderId, { trailAmount: '1' });
    await invalid(orderId, { trailPercent: '100' });
    await invalid(orderId, { trailAmount: '1', trailPercent: '1' });
    await invalid(orderId, { expireTime: new Date(Date.now() + 60_000).toISOString() });
    await expectHeld(owner, start, orderIds);
  });

  it('is refused for a stop that has entered the book', async () => {
    const stop = { side: 'SIDE_BUY', type: 'ORDER_TYPE_STOP_LIMIT', stopPrice: '97.00', limitPrice: '97.00' };
    const orderId = await place(stop);
    await trade('98.00');
    await orderOnce(owner, orderId, 'OPEN');
    const change = { orderId, idempotencyKey: randomUUID(), stopPrice: '99' };
    const refused = await refusalOf(owner.call('OrderService/ReplaceOrder', change));
    expect(refused).toMatchObject({ code: 'failed_precondition', reason: 'ORDER_ALREADY_TRIGGERED' });
    expect(await replace(orderId, { quantity: '3' })).toMatchObject({ quantity: '3' });
  });
});
