/** Orders that wait outside of the book: stops until they are triggered, whatever happens to calls and processes meanwhile. */
import { randomUUID } from 'node:crypto';
import { fromBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrderOpenedSchema } from '#gen/outcry/order/v1/events_pb.ts';
import { OrderStatus, type OrderTermsSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { limitTerms, tenShares as ten } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';

const { STOP, STOP_LIMIT, TRAILING_STOP } = OrderType;
const trailPercent = { case: 'trailPercent', value: '1.5' } as const;

let system: TestSystem;
let replica: Replica;

beforeAll(async () => {
  system = await openTestSystem();
  replica = await system.startReplica();
});
afterAll(() => system[Symbol.asyncDispose]());

async function place(terms: MessageInitShape<typeof OrderTermsSchema>) {
  const user = await system.newUser();
  const { order } = await replica.orders.placeOrder({ clientOrderId: randomUUID(), terms }, user);
  if (order === undefined) throw new Error('there is no order');
  const read = async () => (await replica.orders.getOrder({ orderId: order.orderId }, user)).order;
  return { order, user, read };
}

describe('an order that waits', () => {
  it('is in the book once it was triggered, with the time of that, and trades there', async () => {
    await place(limitTerms('sell', '4', '106'));
    const { order, read, user } = await place(
      ten(STOP_LIMIT, Side.BUY, { stopPrice: '105', limitPrice: '106', timeInForce: TimeInForce.GTC }),
    );
    expect([order.waiting, order.triggerTime]).toEqual([true, undefined]);
    system.exchange.trigger(order.orderId);
    await eventually(async () =>
      expect(await read()).toMatchObject({
        status: OrderStatus.PARTIALLY_FILLED,
        waiting: false,
        triggerTime: expect.anything(),
        filledQuantity: '4',
      }),
    );
    const opened = () =>
      system.published
        .filter(({ key, type }) => key === user.userId && type.endsWith('OrderOpened'))
        .map(({ payload }) => fromBinary(OrderOpenedSchema, payload).order);
    await eventually(() => expect(opened()).toHaveLength(2));
    expect(opened()).toMatchObject([
      { waiting: true, filledQuantity: '0' },
      { waiting: false, filledQuantity: '0', triggerTime: expect.anything() },
    ]);
    expect(opened()[0]?.triggerTime).toBeUndefined();
  });

  it('is never said to be in the book where it may not rest', async () => {
    const { order, read, user } = await place(ten(STOP, Side.BUY, { stopPrice: '105' }));
    system.exchange.trigger(order.orderId);
    await eventually(async () => expect(await read()).toMatchObject({ status: OrderStatus.CANCELLED, waiting: false }));
    const types = () =>
      system.published.filter(({ key }) => key === user.userId).map(({ type }) => type.split('.').at(-1));
    await eventually(() => expect(types()).toEqual(['OrderOpened', 'OrderEnded']));
  });

  it('is cancelled while it waits', async () => {
    const { order, user, read } = await place(ten(TRAILING_STOP, Side.SELL, { trail: trailPercent }));
    await replica.orders.cancelOrder({ orderId: order.orderId }, user);
    expect(await read()).toMatchObject({ status: OrderStatus.CANCELLED, waiting: false });
    expect(system.exchange.isOpen(order.orderId)).toBe(false);
  });

  it('reaches the exchange later when its first Submit was lost, however old it is', async () => {
    system.exchange.faults.fail('submit', 'lost-request', { times: Number.POSITIVE_INFINITY });
    const user = await system.newUser();
    const terms = ten(STOP, Side.BUY, { stopPrice: '105' });
    const placing = replica.orders.placeOrder({ clientOrderId: 'late', terms }, { ...user, timeoutMs: 1_500 });
    await expect(placing).rejects.toThrow();
    system.exchange.faults.heal();
    await eventually(async () => {
      const { order } = await replica.orders.getOrder({ clientOrderId: 'late' }, user);
      expect(order).toMatchObject({ status: OrderStatus.OPEN, waiting: true });
    });
  });
});
