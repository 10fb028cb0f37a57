/** Positions that are closed, and orders that are placed and cancelled by the hundred, through the gateway and with every service there. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestClient } from '../support/clients.ts';
import {
  balancesOf,
  type Investor,
  limitTerms,
  marketTerms,
  placeOrder,
  registerInvestor,
} from '../support/investor.ts';
import { issueShares, logInAdmin, openBook } from '../support/market.ts';
import { refusalOf } from '../support/refusal.ts';

const shared = inject('sharedSystem');
const client = createTestClient('connect', shared.gatewayUrl);

let admin: Investor;
let symbol: string;
let bidder: Investor;

beforeAll(async () => {
  admin = await logInAdmin(client, shared);
  symbol = await openBook(admin);
  bidder = await registerInvestor(client);
  await placeOrder(bidder, limitTerms('BUY', symbol, '100', '99.00'));
  // The order service's copy of prices, by which a sale at the market is limited, is a little behind the books.
  const owner = await ownerOf('1');
  await eventually(async () => {
    const { refusal } = await owner.call('OrderService/PreviewOrder', { terms: marketTerms('SELL', symbol, '1') });
    expect(refusal).toBeUndefined();
  });
});

async function ownerOf(quantity: string): Promise<Investor> {
  const owner = await registerInvestor(client);
  await issueShares(admin, owner, symbol, quantity);
  return owner;
}

const sharesOnce = (owner: Investor, expected: object) =>
  eventually(async () => {
    const { sharesOf } = await balancesOf(owner);
    expect(sharesOf(symbol)).toMatchObject(expected);
  });

type Result = { order?: { status: string; quantity: string; filledQuantity?: string }; error?: JsonObject };

describe('ClosePosition', () => {
  it('sells what no order holds, once for its key, and is refused with numbers when there is nothing', async () => {
    const owner = await ownerOf('10');
    await placeOrder(owner, limitTerms('SELL', symbol, '4', '115.00'));
    const request = { symbol, clientOrderId: randomUUID() };
    const first = await owner.call('OrderService/ClosePosition', request);
    expect(first.order).toMatchObject({ quantity: '6', filledQuantity: '6', status: 'ORDER_STATUS_FILLED' });
    await sharesOnce(owner, { total: '4', available: '0', held: '4' });
    const repeats = await Promise.all(
      Array.from({ length: 20 }, () => owner.call('OrderService/ClosePosition', request)),
    );
    for (const repeat of repeats) expect(repeat).toEqual(first);
    const nothing = await refusalOf(
      owner.call('OrderService/ClosePosition', { symbol, clientOrderId: randomUUID(), percentage: '50' }),
    );
    expect(nothing).toMatchObject({
      code: 'failed_precondition',
      reason: 'SHARES_INSUFFICIENT',
      metadata: { needed: '1', available: '0', held: '4', symbol },
    });
    await sharesOnce(owner, { total: '4' });
  });

  it('is refused by the ledger beyond what there is', async () => {
    const owner = await ownerOf('3');
    const call = owner.call('OrderService/ClosePosition', { symbol, clientOrderId: randomUUID(), quantity: '5' });
    expect(await refusalOf(call)).toMatchObject({ reason: 'SHARES_INSUFFICIENT', metadata: { available: '3' } });
  });
});

describe('CloseAllPositions', () => {
  it('sells all symbols, those shares too that cancelled orders held', async () => {
    const owner = await ownerOf('5');
    const other = await openBook(admin);
    await issueShares(admin, owner, other, '2');
    await placeOrder(owner, limitTerms('SELL', symbol, '4', '115.00'));
    const request = { idempotencyKey: randomUUID(), cancelOrders: true };
    const first = await owner.call('OrderService/CloseAllPositions', request);
    const results = first.results as ({ symbol: string } & Result)[];
    expect(results.find((result) => result.symbol === symbol)).toMatchObject({
      order: { quantity: '5', filledQuantity: '5' },
    });
    // The other one was never quoted or traded.
    expect(results.find((result) => result.symbol === other)).toMatchObject({
      error: { reason: 'ERROR_REASON_NO_REFERENCE_PRICE' },
    });
    expect(await owner.call('OrderService/CloseAllPositions', request)).toEqual(first);
    await eventually(async () => {
      const { cash, sharesOf } = await balancesOf(owner);
      expect(sharesOf(symbol)?.total ?? '0').toBe('0');
      expect(cash?.held).toBe('0.00');
    });
  });
});

describe('PlaceOrders, CancelOrders and CancelAllOrders by side', () => {
  it('place, cancel and cancel all of a side, a result for each', async () => {
    const owner = await ownerOf('100');
    const item = (side: 'BUY' | 'SELL', price: string) => ({
      clientOrderId: randomUUID(),
      terms: limitTerms(side, symbol, '1', price),
    });
    const orders = [
      ...Array.from({ length: 10 }, () => item('BUY', '85.00')),
      ...Array.from({ length: 10 }, () => item('SELL', '115.00')),
      item('BUY', '0.00'),
      item('BUY', '1.00'),
    ];
    const { results } = (await owner.call('OrderService/PlaceOrders', { orders })) as { results: Result[] };
    expect(results.map(({ order, error }) => order?.status ?? error?.reason)).toEqual([
      ...Array.from({ length: 20 }, () => 'ORDER_STATUS_OPEN'),
      'ERROR_REASON_INVALID_FIELD',
      'ERROR_REASON_PRICE_OUT_OF_BAND',
    ]);
    const all = await owner.call('OrderService/CancelAllOrders', {
      symbol,
      side: 'SIDE_SELL',
      idempotencyKey: 'sells',
    });
    expect(all.requestedCount).toBe(10);
    await sharesOnce(owner, { held: '0' });
    // The ledger and the order service each follow the feed: what the one has freed the other may still show as open.
    const orderIds = await eventually(async () => {
      const open = await owner.call('OrderService/ListOrders', { statuses: ['ORDER_STATUS_OPEN'], pageSize: 200 });
      const ids = (open.orders as { orderId: string }[]).map(({ orderId }) => orderId);
      expect(ids).toHaveLength(10);
      return ids;
    });
    // An answer waits for the feed for two seconds at most; a repeat has the same outcome.
    await eventually(async () => {
      const cancelled = await owner.call('OrderService/CancelOrders', { orderIds });
      const statuses = (cancelled.results as Result[]).map(({ order }) => order?.status);
      expect(statuses).toEqual(orderIds.map(() => 'ORDER_STATUS_CANCELLED'));
    });
    await eventually(async () => expect((await balancesOf(owner)).cash?.held).toBe('0.00'));
  });
});
