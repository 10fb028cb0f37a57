import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { type Order, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { eventually } from '../testing/eventually.ts';
import type { Fault } from '../testing/faults.ts';
import { limitTerms, marketTerms } from '../testing/terms.ts';
import { createWorld, type Replica, type World } from '../testing/test-system.ts';

type Step = 'placeHolds' | 'submit' | 'void' | 'releaseHolds';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

/** Makes the replica die the next time it comes to a step; resolves when it has ended. */
function dieAt(replica: Replica, step: Step, fault: Fault): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { faults } = step === 'submit' || step === 'void' ? world.exchange : world.ledger;
  faults.onCrash = () => {
    replica.die();
    resolve(replica.stop());
  };
  (faults as { fail(call: Step, fault: Fault): void }).fail(step, fault);
  return promise;
}

async function outcomeOf(replica: Replica, userToken: string): Promise<Order> {
  const look = async () => (await replica.orders.getOrder({ clientOrderId: 'k' }, { userToken })).order as Order;
  return eventually(look, ({ status }) => status !== OrderStatus.PENDING);
}

describe('an order whose executor dies', () => {
  const points: [Step, Fault][] = [
    ['placeHolds', 'crash-before'],
    ['placeHolds', 'crash-after'],
    ['submit', 'crash-before'],
    ['submit', 'crash-after'],
  ];

  it.each(points)('at %s (%s) is taken to the book by the sweeper when it may rest', async (step, fault) => {
    const { userToken } = await world.newUser();
    const first = await world.startReplica();
    const dead = dieAt(first, step, fault);
    const call = first.orders.placeOrder({ clientOrderId: 'k', terms: limitTerms('buy', '1', '50') }, { userToken });
    await expect(call).rejects.toThrow();
    await dead;
    const second = await world.startReplica();
    const order = await outcomeOf(second, userToken);
    expect(order.status).toBe(OrderStatus.OPEN);
    expect(world.ledger.holds.get(order.orderId)).toBe('held');
    expect(world.exchange.isOpen(order.orderId)).toBe(true);
    await second.stop();
  });

  it.each(points)('at %s (%s) is only compensated when it was meant for its own moment', async (step, fault) => {
    const { userToken } = await world.newUser();
    const first = await world.startReplica();
    const dead = dieAt(first, step, fault);
    const call = first.orders.placeOrder({ clientOrderId: 'k', terms: marketTerms('buy', '1') }, { userToken });
    await expect(call).rejects.toThrow();
    await dead;
    const second = await world.startReplica({ immediateAgeMaxMs: 0 });
    const order = await outcomeOf(second, userToken);
    if (fault === 'crash-after' && step === 'submit') {
      // The exchange had it: the feed outranks the compensation, and the ledger releases by the same feed.
      expect(order.status).toBe(OrderStatus.CANCELLED);
      expect(world.ledger.holds.get(order.orderId)).toBe('held');
    } else {
      expect(order).toMatchObject({
        status: OrderStatus.REJECTED,
        refusal: { reason: ErrorReason.ORDER_NOT_SUBMITTED_IN_TIME },
      });
      expect(world.ledger.holds.get(order.orderId)).toBe('released');
    }
    await second.stop();
  });

  const compensationPoints: [Step, Fault][] = [
    ['void', 'crash-before'],
    ['void', 'crash-after'],
    ['releaseHolds', 'crash-before'],
    ['releaseHolds', 'crash-after'],
  ];

  it.each(compensationPoints)(
    'and whose compensation dies at %s (%s) is compensated by the next',
    async (step, fault) => {
      const { userToken } = await world.newUser();
      const first = await world.startReplica();
      const dead = dieAt(first, 'submit', 'crash-before');
      const call = first.orders.placeOrder({ clientOrderId: 'k', terms: marketTerms('buy', '1') }, { userToken });
      await expect(call).rejects.toThrow();
      await dead;
      const second = await world.startReplica({ immediateAgeMaxMs: 0 });
      await dieAt(second, step, fault);
      const third = await world.startReplica({ immediateAgeMaxMs: 0 });
      const order = await outcomeOf(third, userToken);
      expect(order.refusal?.reason).toBe(ErrorReason.ORDER_NOT_SUBMITTED_IN_TIME);
      expect(world.ledger.holds.get(order.orderId)).toBe('released');
      await third.stop();
    },
  );

  it('can trade no more once it was compensated, however late its Submit arrives', async () => {
    const { userToken } = await world.newUser();
    const first = await world.startReplica();
    const dead = dieAt(first, 'submit', 'crash-before');
    const call = first.orders.placeOrder({ clientOrderId: 'k', terms: marketTerms('buy', '1') }, { userToken });
    await expect(call).rejects.toThrow();
    await dead;
    const second = await world.startReplica({ immediateAgeMaxMs: 0 });
    const { orderId, accountId, symbol, side } = await outcomeOf(second, userToken);
    const late = { orderId, accountId, symbol, side, priceTicks: 10_000n, quantityLots: 1n };
    const { results } = await world.exchange.exchange.submit({ orders: [late] });
    expect(results[0]?.reason).toBe(ErrorReason.ORDER_VOIDED);
    await second.stop();
  });
});
