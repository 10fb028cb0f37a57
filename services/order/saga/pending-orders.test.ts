import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { type Order, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { eventually } from '../testing/eventually.ts';
import { limitTerms } from '../testing/terms.ts';
import { createWorld, type Replica, type World } from '../testing/test-system.ts';

let world: World;
let replica: Replica;

beforeAll(async () => {
  world = await createWorld();
  replica = await world.startReplica();
});
afterAll(() => world[Symbol.asyncDispose]());

const get = async (userToken: string) =>
  (await replica.orders.getOrder({ clientOrderId: 'k' }, { userToken })).order as Order;
const place = (userToken: string, timeoutMs = 5_000) =>
  replica.orders.placeOrder({ clientOrderId: 'k', terms: limitTerms('buy', '1', '50') }, { userToken, timeoutMs });

describe('a passing order', () => {
  it('is opened by the feed, and answered, though the answer to its Submit never comes', async () => {
    const { userToken } = await world.newUser();
    world.exchange.faults.fail('submit', 'hang');
    const placing = place(userToken, 800);
    await eventually(
      () => get(userToken).catch(() => undefined),
      (order) => order?.status === OrderStatus.OPEN,
    );
    expect((await placing).order?.status).toBe(OrderStatus.OPEN);
  });

  it('answers UNAVAILABLE or DEADLINE_EXCEEDED while the exchange is away, and the same key finds it finished later', async () => {
    const { userToken } = await world.newUser();
    world.exchange.faults.fail('submit', 'before', Number.POSITIVE_INFINITY);
    const unknown = expect.toBeOneOf([Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED]);
    await expect(place(userToken, 500)).rejects.toMatchObject({ code: unknown });
    const again = place(userToken);
    world.exchange.faults.heal();
    expect((await again).order?.status).toBe(OrderStatus.OPEN);
  });

  it('keeps a cancel that is asked for and carries it out once the order is open', async () => {
    const { userToken } = await world.newUser();
    world.exchange.faults.fail('submit', 'before', Number.POSITIVE_INFINITY);
    const placing = place(userToken);
    const { orderId } = await eventually(
      () => get(userToken).catch(() => undefined),
      (order) => order !== undefined,
    ).then((order) => order as Order);
    const { order: asked } = await replica.orders.cancelOrder({ orderId }, { userToken, timeoutMs: 400 });
    expect(asked).toMatchObject({ status: OrderStatus.PENDING, cancelRequested: true });
    world.exchange.faults.heal();
    await placing;
    const order = await eventually(
      () => get(userToken),
      ({ status }) => status === OrderStatus.CANCELLED,
    );
    expect(order).toMatchObject({ cancelRequested: false, filledQuantity: '0' });
    expect(world.exchange.isOpen(orderId)).toBe(false);
  });

  it('is told as the exchange answered when the follower is behind, and not again', async () => {
    const { userToken } = await world.newUser();
    world.exchange.pauseFeed(true);
    const { order } = await place(userToken);
    expect(order?.status).toBe(OrderStatus.OPEN);
    expect((await get(userToken)).status).toBe(OrderStatus.PENDING);
    world.exchange.pauseFeed(false);
    await eventually(
      () => get(userToken),
      ({ status }) => status === OrderStatus.OPEN,
    );
    expect(
      world.exchange.feed.filter(
        ({ event }) => event.case === 'accepted' && event.value.order?.orderId === order?.orderId,
      ),
    ).toHaveLength(1);
  });
});

describe('CancelOrder', () => {
  it('answers once the exchange has cancelled, and answers a repeat the same', async () => {
    const { userToken } = await world.newUser();
    const { order } = await place(userToken);
    const orderId = order?.orderId ?? '';
    for (let repeat = 0; repeat < 2; repeat += 1) {
      const answer = await replica.orders.cancelOrder({ orderId }, { userToken });
      expect(answer.order?.status).toBe(OrderStatus.CANCELLED);
    }
  });

  it('refuses a filled order', async () => {
    const [buyer, seller] = [await world.newUser(), await world.newUser()];
    const terms = limitTerms('buy', '1', '60');
    const { order } = await replica.orders.placeOrder({ clientOrderId: 'b', terms }, buyer);
    await replica.orders.placeOrder({ clientOrderId: 's', terms: limitTerms('sell', '1', '60') }, seller);
    await expect(replica.orders.cancelOrder({ orderId: order?.orderId }, buyer)).rejects.toMatchObject({
      reason: ErrorReason.ORDER_ALREADY_FINAL,
      metadata: { status: 'FILLED' },
    });
  });

  it('does not find another’s order', async () => {
    const { userToken } = await world.newUser();
    const { order } = await place(userToken);
    const other = await world.newUser();
    const missing = { code: Code.NOT_FOUND, reason: ErrorReason.ORDER_NOT_FOUND };
    await expect(replica.orders.cancelOrder({ orderId: order?.orderId }, other)).rejects.toMatchObject(missing);
    await expect(replica.orders.getOrder({ orderId: order?.orderId }, other)).rejects.toMatchObject(missing);
    await expect(replica.orders.getOrder({ orderId: 'nonsense' }, other)).rejects.toMatchObject(missing);
  });
});

describe('CancelAllOrders', () => {
  it('cancels every open order of the caller and no other', async () => {
    const [caller, other] = [await world.newUser(), await world.newUser()];
    for (const [index, user] of [caller, caller, other].entries()) {
      const terms = limitTerms('buy', '1', '40');
      await replica.orders.placeOrder({ clientOrderId: `c${index}`, terms }, user);
    }
    expect((await replica.orders.cancelAllOrders({}, caller)).requestedCount).toBe(2);
    await eventually(
      () => replica.orders.listOrders({ openOnly: true }, caller),
      ({ orders }) => orders.length === 0,
    );
    expect((await replica.orders.listOrders({ openOnly: true }, other)).orders).toHaveLength(1);
  });
});
