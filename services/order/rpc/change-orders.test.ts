import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CancelOrderResult,
  type OrderChangeResult,
  OrderStatusSchema,
  type PlaceOrderResult,
} from '#gen/outcry/order/v1/order_pb.ts';
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

type Owner = Awaited<ReturnType<TestSystem['newUser']>>;
const symbol = limitTerms('buy', '1', '90').symbol ?? '';
const placing = (clientOrderId: string, terms = limitTerms('buy', '1', '90')) => ({ clientOrderId, terms });
const byKey = (value: string) => ({ name: { case: 'clientOrderId', value } }) as const;
const byId = (value: string) => ({ name: { case: 'orderId', value } }) as const;

/** The status of an order, or the reason of an error. */
function wordOf({ outcome }: PlaceOrderResult | CancelOrderResult): string {
  if (outcome.case === 'order') return OrderStatusSchema.value[outcome.value.status]?.localName ?? '';
  return outcome.case === 'error' ? reasonName(outcome.value.reason) : 'none';
}
const wordsOf = ({ cancels, placings }: OrderChangeResult) => [cancels.map(wordOf), placings.map(wordOf)];

async function openKeys(owner: Owner): Promise<string[]> {
  const { orders } = await replica.orders.listOrders({ pageSize: 200 }, owner);
  return orders
    .filter((order) => OrderStatusSchema.value[order.status]?.localName === 'OPEN')
    .map(({ clientOrderId }) => clientOrderId)
    .toSorted();
}

describe('ChangeOrders', () => {
  it('cancels by id and by key, then places, and makes the changes of a symbol in their sequence', async () => {
    const owner = await system.newUser();
    const { order } = await replica.orders.placeOrder(placing('old'), owner);
    await replica.orders.placeOrder(placing('older'), owner);
    const changes = [
      { symbol, cancels: [byId(order?.orderId ?? ''), byKey('older')], placings: [placing('first')] },
      { symbol, cancels: [byKey('first')], placings: [placing('second'), placing('third')] },
      { symbol, cancels: [byKey('third')] },
    ];
    const { results } = await replica.orders.changeOrders({ changes }, owner);
    expect(results.map(wordsOf)).toEqual([
      [['CANCELLED', 'CANCELLED'], ['OPEN']],
      [['CANCELLED'], ['OPEN', 'OPEN']],
      [['CANCELLED'], []],
    ]);
    expect(await openKeys(owner)).toEqual(['second']);
    const repeated = await replica.orders.changeOrders({ changes }, owner);
    expect(repeated.results.map(wordsOf)).toEqual([
      [['CANCELLED', 'CANCELLED'], ['CANCELLED']],
      [['CANCELLED'], ['OPEN', 'CANCELLED']],
      [['CANCELLED'], []],
    ]);
    expect(await openKeys(owner)).toEqual(['second']);
  });

  it('trades in the sequence of the changes, each time', async () => {
    const [maker, taker] = [await system.newUser(), await system.newUser()];
    for (let round = 0; round < 5; round += 1) {
      const key = (name: string) => `${name}-${round}`;
      await replica.orders.placeOrder(placing(key('ask'), limitTerms('sell', '3', '95')), maker);
      const takes = ['3', '2'].map((quantity, index) =>
        placing(key(`take${index}`), limitTerms('buy', quantity, '95')),
      );
      const changes = takes.map((take) => ({ symbol, placings: [take] }));
      const { results } = await replica.orders.changeOrders({ changes }, taker);
      expect(results.map(wordsOf)).toEqual([
        [[], ['FILLED']],
        [[], ['OPEN']],
      ]);
      const rest = { changes: [{ symbol, cancels: [byKey(key('take1'))] }] };
      expect((await replica.orders.changeOrders(rest, taker)).results.map(wordsOf)).toEqual([[['CANCELLED'], []]]);
    }
  });

  it('has a result for what is wrong with one, which holds back nothing that follows', async () => {
    const [owner, other] = [await system.newUser(), await system.newUser()];
    const { order } = await replica.orders.placeOrder(placing('theirs'), other);
    const unnamed = { name: { case: undefined } } as const;
    const changes = [
      { symbol, cancels: [byId(order?.orderId ?? ''), byKey('theirs'), unnamed], placings: [placing('no key!')] },
      { symbol, placings: [placing('elsewhere', limitTerms('buy', '1', '90', { symbol: 'NONE' })), placing('good')] },
      { symbol: 'NONE', cancels: [byKey('good')] },
    ];
    const { results } = await replica.orders.changeOrders({ changes: changes.slice(0, 2) }, owner);
    expect(results.map(wordsOf)).toEqual([
      [['ORDER_NOT_FOUND', 'KEY_NOT_FOUND', 'ORDER_NOT_FOUND'], ['INVALID_FIELD']],
      [[], ['INVALID_FIELD', 'OPEN']],
    ]);
    const { results: inOtherBook } = await replica.orders.changeOrders({ changes: changes.slice(2) }, owner);
    expect(inOtherBook.map(wordsOf)).toEqual([[['ORDER_NOT_FOUND'], []]]);
    expect(await openKeys(owner)).toEqual(['good']);
    expect(await openKeys(other)).toEqual(['theirs']);
  });

  it('begins nothing in a book after an outcome that is not known, and makes it when the call is repeated', async () => {
    const owner = await system.newUser();
    system.market.conditions.set(owner.userId, usualConditions(owner.userId, { ordersPerSecondMax: 8 }));
    const many = Array.from({ length: 12 }, (_, index) => placing(`many-${index}`));
    const changes = [
      { symbol, placings: many },
      { symbol, cancels: [byKey('many-0')], placings: [placing('last')] },
    ];
    const { results } = await replica.orders.changeOrders({ changes }, owner);
    expect(results[0]?.placings.map(wordOf)).toContain('ORDER_RATE_OVER_LIMIT');
    expect(results.slice(1).map(wordsOf)).toEqual([[['DEPENDENCY_UNAVAILABLE'], ['DEPENDENCY_UNAVAILABLE']]]);
    expect(await openKeys(owner)).not.toContain('last');
    await eventually(async () => {
      const repeated = await replica.orders.changeOrders({ changes }, owner);
      expect(repeated.results.slice(1).map(wordsOf)).toEqual([[['CANCELLED'], ['OPEN']]]);
    });
    expect(await openKeys(owner)).toHaveLength(12);
  });

  it('takes 1 to 100 changes with 100 orders in all', async () => {
    const owner = await system.newUser();
    const names = (count: number) => Array.from({ length: count }, (_, index) => byKey(`none-${index}`));
    const tooMany = [
      { symbol, cancels: names(60) },
      { symbol, cancels: names(41) },
    ];
    for (const changes of [[], tooMany, Array.from({ length: 101 }, () => ({ symbol }))]) {
      const call = replica.orders.changeOrders({ changes }, owner);
      await expect(call).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT, violations: [{ field: 'changes' }] });
    }
    const { results } = await replica.orders.changeOrders({ changes: [{ symbol, cancels: names(100) }] }, owner);
    expect(new Set(results.flatMap(({ cancels }) => cancels.map(wordOf)))).toEqual(new Set(['KEY_NOT_FOUND']));
  });
});
