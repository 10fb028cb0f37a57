/** The price from which a trailing stop trails, as reads of orders answer it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OrderType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { tenShares } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';

const { TRAILING_STOP, STOP } = OrderType;

let system: TestSystem;
let replica: Replica;
let keys = 0;
beforeAll(async () => {
  system = await openTestSystem();
  replica = await system.startReplica();
});
afterEach(() => system.exchange.faults.heal());
afterAll(() => system[Symbol.asyncDispose]());

type Owner = Awaited<ReturnType<TestSystem['newUser']>>;

async function place(owner: Owner, type: OrderType, trail?: string): Promise<string> {
  keys += 1;
  const more = trail === undefined ? { stopPrice: '90' } : { trail: { case: 'trailAmount' as const, value: trail } };
  const request = { clientOrderId: `k${keys}`, terms: tenShares(type, Side.SELL, more) };
  const { order } = await replica.orders.placeOrder(request, owner);
  const orderId = order?.orderId ?? '';
  await eventually(async () => expect((await replica.orders.getOrder({ orderId }, owner)).order?.waiting).toBe(true));
  return orderId;
}

const asked = () => system.exchange.faults.countOf('readTrails');

describe('the reference of a trail', () => {
  it('is the exchange’s of the moment, in reads of one order and of many, which ask once', async () => {
    const owner = await system.newUser();
    const ids = [
      await place(owner, TRAILING_STOP, '2'),
      await place(owner, TRAILING_STOP, '3'),
      await place(owner, STOP),
    ];
    const [first = '', second = '', stop = ''] = ids;
    system.exchange.trails.set(first, 10_150n).set(second, 9_900n);
    const read = async (orderId: string) =>
      (await replica.orders.getOrder({ orderId }, owner)).order?.trailReferencePrice;
    expect([await read(first), await read(second)]).toEqual(['101.50', '99.00']);
    const { order } = await replica.orders.getOrder({ clientOrderId: `k${keys - 2}` }, owner);
    expect(order?.trailReferencePrice).toBe('101.50');
    const before = asked();
    expect(await read(stop)).toBe('');
    expect(asked()).toBe(before);
    const { orders } = await replica.orders.listOrders({}, owner);
    expect(new Map(orders.map(({ orderId, trailReferencePrice }) => [orderId, trailReferencePrice]))).toEqual(
      new Map([
        [first, '101.50'],
        [second, '99.00'],
        [stop, ''],
      ]),
    );
    expect(asked()).toBe(before + 1);
  });

  it('is absent where the exchange does not answer in its time, and the read is answered all the same', async () => {
    const owner = await system.newUser();
    const orderId = await place(owner, TRAILING_STOP, '2');
    system.exchange.trails.set(orderId, 10_150n);
    for (const fault of ['lost-request', 'lost-answer'] as const) {
      system.exchange.faults.fail('readTrails', fault);
      expect((await replica.orders.getOrder({ orderId }, owner)).order).toMatchObject({
        orderId,
        trailReferencePrice: '',
      });
    }
    expect((await replica.orders.getOrder({ orderId }, owner)).order?.trailReferencePrice).toBe('101.50');
  });

  it('is not asked for once the order is in the book or over', async () => {
    const owner = await system.newUser();
    const orderId = await place(owner, TRAILING_STOP, '2');
    await replica.orders.cancelOrder({ orderId }, owner);
    const before = asked();
    expect((await replica.orders.getOrder({ orderId }, owner)).order?.trailReferencePrice).toBe('');
    expect(asked()).toBe(before);
  });
});
