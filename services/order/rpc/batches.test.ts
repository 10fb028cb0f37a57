import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { CancelOrderResult, PlaceOrderResult } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderStatus, OrderStatusSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { reasonName } from '#platform/errors/details.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { usualConditions } from '../testing/fake-market.ts';
import { limitTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';

let system: TestSystem;
let replica: Replica;

beforeAll(async () => {
  system = await openTestSystem();
  replica = await system.startReplica();
});
afterAll(() => system[Symbol.asyncDispose]());

type Result = PlaceOrderResult | CancelOrderResult;

/** The status of an order, or the reason of an error. */
function wordOf({ outcome }: Result): string {
  if (outcome.case === 'order') return OrderStatusSchema.value[outcome.value.status]?.localName ?? '';
  return outcome.case === 'error' ? reasonName(outcome.value.reason) : 'none';
}
const idOf = ({ outcome }: Result) => (outcome.case === 'order' ? outcome.value.orderId : undefined);
const item = (clientOrderId: string, terms = limitTerms('buy', '1', '90')) => ({ clientOrderId, terms });

describe('PlaceOrders of people', () => {
  it('gives a result for each order in their sequence, and a bad one harms no other', async () => {
    const owner = await system.newUser();
    const orders = [
      item('good'),
      item('no key!'),
      item('off-tick', limitTerms('buy', '1', '1.001')),
      item('unknown', limitTerms('buy', '1', '90', { symbol: 'NONE' })),
      { clientOrderId: 'nothing' },
      item('also-good'),
    ];
    const { results } = await replica.orders.placeOrders({ orders }, owner);
    const words = ['OPEN', 'INVALID_FIELD', 'PRICE_NOT_ON_TICK', 'SYMBOL_UNKNOWN', 'INVALID_FIELD', 'OPEN'];
    expect(results.map(wordOf)).toEqual(words);
    expect(results[2]?.outcome.value).toMatchObject({
      code: Code.INVALID_ARGUMENT,
      message: expect.stringContaining('terms.limit_price'),
      metadata: { tick: '0.01' },
    });
    const { orders: listed } = await replica.orders.listOrders({}, owner);
    expect(listed.map(({ clientOrderId }) => clientOrderId).toSorted()).toEqual(['also-good', 'good']);
  });

  it('names a refusal with its numbers, which a repeat repeats', async () => {
    const owner = await system.newUser();
    system.ledger.poor.add(owner.userId);
    const first = await replica.orders.placeOrders({ orders: [item('poor')] }, owner);
    expect(first.results[0]?.outcome).toMatchObject({
      case: 'error',
      value: { code: Code.FAILED_PRECONDITION, reason: ErrorReason.CASH_INSUFFICIENT, metadata: { needed: '10.00' } },
    });
    system.ledger.poor.delete(owner.userId);
    expect(await replica.orders.placeOrders({ orders: [item('poor')] }, owner)).toEqual(first);
  });

  it('answers a repeat of the whole and of a part alike, and alone too', async () => {
    const owner = await system.newUser();
    const orders = [item('r1'), item('r2')];
    const first = await replica.orders.placeOrders({ orders }, owner);
    expect(await replica.orders.placeOrders({ orders }, owner)).toEqual(first);
    const { order } = await replica.orders.placeOrder(item('r2'), owner);
    expect(order?.orderId).toBe(first.results[1] && idOf(first.results[1]));
    expect((await replica.orders.listOrders({}, owner)).orders).toHaveLength(2);
  });

  it('decides orders of one key in their sequence: the first one counts', async () => {
    const owner = await system.newUser();
    for (let round = 0; round < 5; round += 1) {
      const key = `same-${round}`;
      const orders = [item(key), item(key, limitTerms('buy', '2', '90')), item(key), item(`other-${round}`)];
      const { results } = await replica.orders.placeOrders({ orders }, owner);
      expect(results.map(wordOf)).toEqual(['OPEN', 'KEY_REUSED', 'OPEN', 'OPEN']);
      expect(results[2] && idOf(results[2])).toBe(results[0] && idOf(results[0]));
    }
  });

  it('refuses what is over the rate item by item, and stores nothing for it', async () => {
    const owner = await system.newUser();
    system.market.conditions.set(owner.userId, usualConditions(owner.userId, { ordersPerSecondMax: 3 }));
    const orders = Array.from({ length: 40 }, (_, index) => item(`rate-${index}`));
    const { results } = await replica.orders.placeOrders({ orders }, owner);
    const limited = results.filter((result) => wordOf(result) === 'ORDER_RATE_OVER_LIMIT');
    expect(limited.length).toBeGreaterThan(0);
    expect(limited[0]?.outcome.value).toMatchObject({ code: Code.RESOURCE_EXHAUSTED, metadata: { limit: '3' } });
    const { orders: stored } = await replica.orders.listOrders({ pageSize: 200 }, owner);
    expect(stored).toHaveLength(orders.length - limited.length);
  });

  it('takes 1 to 100 orders', async () => {
    const owner = await system.newUser();
    const many = Array.from({ length: 101 }, (_, index) => item(`m${index}`));
    for (const orders of [[], many]) {
      const call = replica.orders.placeOrders({ orders }, owner);
      await expect(call).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT, violations: [{ field: 'orders' }] });
    }
    const { results } = await replica.orders.placeOrders(
      { orders: many.slice(0, 100) },
      { ...owner, timeoutMs: 15_000 },
    );
    expect(new Set(results.map(wordOf))).toEqual(new Set(['OPEN']));
  });
});

describe('CancelOrders', () => {
  it('gives a result for each order in their sequence: cancelled, final before, or not found', async () => {
    const [owner, other] = [await system.newUser(), await system.newUser()];
    // The best bid of all tests.
    const best = limitTerms('buy', '1', '97');
    const { results: mine } = await replica.orders.placeOrders({ orders: [item('c1', best), item('c2')] }, owner);
    const { results: theirs } = await replica.orders.placeOrders({ orders: [item('c3')] }, other);
    const [first = '', second = ''] = mine.map(idOf);
    await replica.orders.placeOrder({ clientOrderId: 's', terms: limitTerms('sell', '1', '97') }, other);
    await eventually(async () => {
      const { order } = await replica.orders.getOrder({ orderId: first }, owner);
      expect(order?.status).toBe(OrderStatus.FILLED);
    });
    const orderIds = [first, second, 'no id', theirs[0] ? (idOf(theirs[0]) ?? '') : '', second];
    const { results } = await replica.orders.cancelOrders({ orderIds }, owner);
    expect(results.map(wordOf)).toEqual([
      'ORDER_ALREADY_FINAL',
      'CANCELLED',
      'ORDER_NOT_FOUND',
      'ORDER_NOT_FOUND',
      'CANCELLED',
    ]);
    expect(results[0]?.outcome.value).toMatchObject({ code: Code.FAILED_PRECONDITION, metadata: { status: 'FILLED' } });
    expect((await replica.orders.cancelOrders({ orderIds: [second] }, owner)).results.map(wordOf)).toEqual([
      'CANCELLED',
    ]);
  });

  it('takes 1 to 100 orders', async () => {
    const owner = await system.newUser();
    for (const orderIds of [[], Array.from({ length: 101 }, () => 'x')]) {
      const call = replica.orders.cancelOrders({ orderIds }, owner);
      await expect(call).rejects.toMatchObject({ violations: [{ field: 'order_ids' }] });
    }
  });
});
