import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { type Order, OrderStatus, OrderTermsSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { isPending } from '../domain/order-state.ts';
import { fromTerms } from '../rpc/messages/terms-message.ts';
import { limitTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';
import { cancelOrder } from './cancel-order.ts';
import { placeOrder } from './place-order.ts';

let system: TestSystem;
let replica: Replica;

beforeAll(async () => {
  system = await openTestSystem();
  replica = await system.startReplica();
});
afterAll(() => system[Symbol.asyncDispose]());

async function get(userToken: string): Promise<Order> {
  const { order } = await replica.orders.getOrder({ clientOrderId: 'k' }, { userToken });
  if (order === undefined) throw new Error('there is no order in the answer');
  return order;
}
const untilStatus = (userToken: string, status: OrderStatus) =>
  eventually(async () => {
    const order = await get(userToken);
    expect(order.status).toBe(status);
    return order;
  });
const place = (userToken: string, timeoutMs = 15_000) =>
  replica.orders.placeOrder({ clientOrderId: 'k', terms: limitTerms('buy', '1', '50') }, { userToken, timeoutMs });

describe('a pending order', () => {
  it('is opened by the feed, and answered, though the answer to its Submit never comes', async () => {
    const { userId: accountId } = await system.newUser();
    system.exchange.faults.fail('submit', 'hang');
    const terms = fromTerms(create(OrderTermsSchema, limitTerms('buy', '1', '50')));
    const deadlineTimeMs = Date.now() + 1_500;
    const order = await placeOrder(replica.deps, { accountId, clientOrderId: 'k', terms, call: { deadlineTimeMs } });
    expect(order.state).toBe('open');
    expect(Date.now()).toBeGreaterThan(deadlineTimeMs - 500);
    system.exchange.faults.heal();
  });

  it('answers UNAVAILABLE or DEADLINE_EXCEEDED while the exchange is away, and the same key finds it finished later', async () => {
    const { userToken } = await system.newUser();
    system.exchange.faults.fail('submit', 'lost-request', { times: Number.POSITIVE_INFINITY });
    const unknown = expect.toBeOneOf([Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED]);
    await expect(place(userToken, 500)).rejects.toMatchObject({ code: unknown });
    const again = place(userToken);
    system.exchange.faults.heal();
    expect((await again).order?.status).toBe(OrderStatus.OPEN);
  });

  it('records a cancel and sends it once the order is open', async () => {
    const { userToken } = await system.newUser();
    system.exchange.faults.fail('submit', 'lost-request', { times: Number.POSITIVE_INFINITY });
    const placing = place(userToken);
    const { orderId } = await eventually(() => get(userToken));
    const pending = await replica.deps.readOrder.load(orderId);
    if (pending === undefined) throw new Error('the order is not stored');
    const requested = await cancelOrder(replica.deps, pending, Date.now() + 500);
    expect(requested.cancelRequested && isPending(requested)).toBe(true);
    expect(await get(userToken)).toMatchObject({ status: OrderStatus.PENDING, cancelRequested: true });
    system.exchange.faults.heal();
    await placing;
    const order = await untilStatus(userToken, OrderStatus.CANCELLED);
    expect(order).toMatchObject({ cancelRequested: false, filledQuantity: '0' });
    expect(system.exchange.isOpen(orderId)).toBe(false);
  });

  it('is answered as the exchange answered when the consumer of the feed is behind, and is submitted once', async () => {
    const { userToken } = await system.newUser();
    system.exchange.pauseFeed(true);
    const terms = limitTerms('buy', '1', '50');
    const { order } = await replica.orders.placeOrder({ clientOrderId: 'k', terms }, { userToken });
    expect(order?.status).toBe(OrderStatus.OPEN);
    expect((await get(userToken)).status).toBe(OrderStatus.PENDING);
    system.exchange.pauseFeed(false);
    await untilStatus(userToken, OrderStatus.OPEN);
    expect(
      system.exchange.feed.filter(
        ({ event }) => event.case === 'accepted' && event.value.order?.orderId === order?.orderId,
      ),
    ).toHaveLength(1);
  });
});

describe('what a caller reads after PlaceOrder', () => {
  it('is at least what was answered, on any replica, while the feed is behind', async () => {
    const owner = await system.newUser();
    const { orders } = await system.startReplica();
    system.exchange.pauseFeed(true);
    const { order: placed } = await replica.orders.placeOrder(
      { clientOrderId: 'k', terms: limitTerms('buy', '1', '50') },
      owner,
    );
    expect(placed).toMatchObject({ status: OrderStatus.OPEN, version: 0n, changeSequence: 0n });
    const orderId = placed?.orderId ?? '';
    const reads = Promise.all([
      orders.getOrder({ orderId }, owner),
      orders.getOrder({ clientOrderId: 'k' }, owner),
      orders.listOrders({ openOnly: true }, owner).then(({ orders: [order] }) => ({ order })),
      firstOf(orders.streamOrders({}, owner)),
      replica.orders.placeOrder({ clientOrderId: 'k', terms: limitTerms('buy', '1', '50') }, owner),
    ]);
    await pause(100);
    system.exchange.pauseFeed(false);
    for (const { order } of await reads) {
      expect(order).toMatchObject({ orderId, status: OrderStatus.OPEN, updateTime: placed?.updateTime });
    }
    expect((await reads)[4]).toEqual({ ...(await reads)[4], order: placed });
    expect((await orders.cancelOrder({ orderId }, owner)).order?.status).toBe(OrderStatus.CANCELLED);
  });
});

/** The first order of a stream's snapshot. */
async function firstOf(stream: ReturnType<Replica['orders']['streamOrders']>): Promise<{ order: Order | undefined }> {
  for await (const { message } of stream) {
    if (message.case === 'snapshot') return { order: message.value.orders[0] };
  }
  return { order: undefined };
}

describe('CancelOrder', () => {
  it('answers once the exchange has cancelled, and answers a repeat the same', async () => {
    const { userToken } = await system.newUser();
    const { order } = await place(userToken);
    const orderId = order?.orderId ?? '';
    for (let repeat = 0; repeat < 2; repeat += 1) {
      const answer = await replica.orders.cancelOrder({ orderId }, { userToken });
      expect(answer.order?.status).toBe(OrderStatus.CANCELLED);
    }
  });

  it('refuses a filled order', async () => {
    const [buyer, seller] = [await system.newUser(), await system.newUser()];
    const terms = limitTerms('buy', '1', '60');
    const { order } = await replica.orders.placeOrder({ clientOrderId: 'b', terms }, buyer);
    await replica.orders.placeOrder({ clientOrderId: 's', terms: limitTerms('sell', '1', '60') }, seller);
    await expect(replica.orders.cancelOrder({ orderId: order?.orderId }, buyer)).rejects.toMatchObject({
      reason: ErrorReason.ORDER_ALREADY_FINAL,
      metadata: { status: 'FILLED' },
    });
  });

  it('does not find another’s order', async () => {
    const { userToken } = await system.newUser();
    const { order } = await place(userToken);
    const other = await system.newUser();
    const missing = { code: Code.NOT_FOUND, reason: ErrorReason.ORDER_NOT_FOUND };
    await expect(replica.orders.cancelOrder({ orderId: order?.orderId }, other)).rejects.toMatchObject(missing);
    await expect(replica.orders.getOrder({ orderId: order?.orderId }, other)).rejects.toMatchObject(missing);
    await expect(replica.orders.getOrder({ orderId: 'nonsense' }, other)).rejects.toMatchObject(missing);
  });
});
