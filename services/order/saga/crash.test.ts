import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { type Order, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { defaultLimits } from '../config.ts';
import type { Fault } from '../testing/faults.ts';
import { limitTerms, marketTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';

type Call = 'placeHolds' | 'submit' | 'void' | 'releaseHolds';

let system: TestSystem;

beforeAll(async () => {
  system = await openTestSystem();
});
afterAll(() => system[Symbol.asyncDispose]());

/** Kills the replica at its next call, before or after the call takes effect; resolves when it has ended. */
function killAt(replica: Replica, call: Call, fault: Fault): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const onFault = () => {
    resolve(replica.kill());
    throw new Error('the process has died');
  };
  if (call === 'submit' || call === 'void') system.exchange.faults.fail(call, fault, { onFault });
  else system.ledger.faults.fail(call, fault, { onFault });
  return promise;
}

/** Places an order on a replica that is killed at a call, and returns the token of its owner. */
async function placeAndDie(terms: ReturnType<typeof limitTerms>, call: Call, fault: Fault): Promise<string> {
  const { userToken } = await system.newUser();
  // Late enough that the executor of the order is the one that makes the call.
  const replica = await system.startReplica({ sweepAgeMs: defaultLimits.sweepAgeMs });
  const dead = killAt(replica, call, fault);
  await expect(replica.orders.placeOrder({ clientOrderId: 'k', terms }, { userToken })).rejects.toThrow();
  await dead;
  return userToken;
}

function outcomeOf(replica: Replica, userToken: string): Promise<Order> {
  return eventually(async () => {
    const { order } = await replica.orders.getOrder({ clientOrderId: 'k' }, { userToken });
    if (order === undefined || order.status === OrderStatus.PENDING) throw new Error('the order is still pending');
    return order;
  });
}

describe('an order whose executor dies', () => {
  const points: [Call, Fault][] = [
    ['placeHolds', 'lost-request'],
    ['placeHolds', 'lost-answer'],
    ['submit', 'lost-request'],
    ['submit', 'lost-answer'],
  ];

  it.each(points)('at %s (%s) is taken to the book by the sweeper when it may rest', async (call, fault) => {
    const userToken = await placeAndDie(limitTerms('buy', '1', '50'), call, fault);
    const second = await system.startReplica();
    const order = await outcomeOf(second, userToken);
    expect(order.status).toBe(OrderStatus.OPEN);
    expect(system.ledger.holds.get(order.orderId)).toBe('held');
    expect(system.exchange.isOpen(order.orderId)).toBe(true);
    await second.stop();
  });

  it.each(points)('at %s (%s) is only compensated when it is an immediate order', async (call, fault) => {
    const userToken = await placeAndDie(marketTerms('buy', '1'), call, fault);
    const second = await system.startReplica({ immediateAgeMaxMs: 0 });
    const order = await outcomeOf(second, userToken);
    if (fault === 'lost-answer' && call === 'submit') {
      // The exchange had it: the feed outranks the compensation, and the ledger releases by the same feed.
      expect(order.status).toBe(OrderStatus.CANCELLED);
      expect(system.ledger.holds.get(order.orderId)).toBe('held');
    } else {
      expect(order).toMatchObject({
        status: OrderStatus.REJECTED,
        refusal: { reason: ErrorReason.ORDER_NOT_SUBMITTED_IN_TIME },
      });
      expect(system.ledger.holds.get(order.orderId)).toBe('released');
    }
    await second.stop();
  });

  const compensationPoints: [Call, Fault][] = [
    ['void', 'lost-request'],
    ['void', 'lost-answer'],
    ['releaseHolds', 'lost-request'],
    ['releaseHolds', 'lost-answer'],
  ];

  it.each(compensationPoints)(
    'and whose compensation dies at %s (%s) is compensated by the next replica',
    async (call, fault) => {
      const userToken = await placeAndDie(marketTerms('buy', '1'), 'submit', 'lost-request');
      const second = await system.startReplica({ immediateAgeMaxMs: 0 });
      await killAt(second, call, fault);
      const third = await system.startReplica({ immediateAgeMaxMs: 0 });
      const order = await outcomeOf(third, userToken);
      expect(order.refusal?.reason).toBe(ErrorReason.ORDER_NOT_SUBMITTED_IN_TIME);
      expect(system.ledger.holds.get(order.orderId)).toBe('released');
      await third.stop();
    },
  );

  it('cannot trade once it was compensated, however late its Submit arrives', async () => {
    const userToken = await placeAndDie(marketTerms('buy', '1'), 'submit', 'lost-request');
    const second = await system.startReplica({ immediateAgeMaxMs: 0 });
    const { orderId, accountId, symbol, side } = await outcomeOf(second, userToken);
    const late = { orderId, accountId, symbol, side, priceTicks: 10_000n, quantityLots: 1n };
    const { results } = await system.exchange.exchange.submit({ orders: [late] });
    expect(results[0]?.reason).toBe(ErrorReason.ORDER_VOIDED);
    await second.stop();
  });
});
