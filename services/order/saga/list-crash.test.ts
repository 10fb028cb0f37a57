import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { type Order, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { defaultLimits } from '../config.ts';
import type { Fault } from '../testing/faults.ts';
import { bracketOf, shownLots } from '../testing/lists.ts';
import { limitTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';

let system: TestSystem;

beforeAll(async () => {
  system = await openTestSystem();
});
afterAll(() => system[Symbol.asyncDispose]());

const { OPEN, CANCELLED, REJECTED } = OrderStatus;

type Call = 'placeHolds' | 'submitList' | 'void' | 'releaseHolds';

/** Kills the replica at its next call, before or after the call takes effect; resolves when it has ended. */
function killAt(victim: Replica, call: Call, fault: Fault): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const onFault = () => {
    resolve(victim.kill());
    throw new Error('the process has died');
  };
  if (call === 'submitList' || call === 'void') system.exchange.faults.fail(call, fault, { onFault });
  else system.ledger.faults.fail(call, fault, { onFault });
  return promise;
}

describe('a list whose executor dies', { timeout: 60_000 }, () => {
  const iocEntry = limitTerms('buy', '10', '50', { timeInForce: TimeInForce.IOC });

  async function placeAndDie(list: ReturnType<typeof bracketOf>, call: Call, fault: Fault): Promise<string> {
    const { userToken } = await system.newUser();
    const victim = await system.startReplica({ sweepAgeMs: defaultLimits.sweepAgeMs });
    const dead = killAt(victim, call, fault);
    await expect(victim.orders.placeOrderList(list, { userToken })).rejects.toThrow();
    await dead;
    return userToken;
  }

  function outcomeOf(from: Replica, userToken: string): Promise<Order[]> {
    return eventually(async () => {
      const { orders: legs } = await from.orders.getOrderList({ clientListId: 'k' }, { userToken });
      if (legs.length === 0 || legs.some(({ status }) => status === OrderStatus.PENDING))
        throw new Error('still pending');
      return legs;
    });
  }

  const points: [Call, Fault][] = [
    ['placeHolds', 'lost-request'],
    ['placeHolds', 'lost-answer'],
    ['submitList', 'lost-request'],
    ['submitList', 'lost-answer'],
  ];

  it.each(points)('at %s (%s) is taken to the book by the sweeper when it may rest', async (call, fault) => {
    const userToken = await placeAndDie(bracketOf('k'), call, fault);
    const second = await system.startReplica();
    const legs = await outcomeOf(second, userToken);
    expect(legs.map(({ status }) => status)).toEqual([OPEN, OPEN, OPEN]);
    for (const { orderId } of legs) expect(system.ledger.holds.get(orderId)).toBe('held');
    await second.stop();
  });

  it.each(points)('at %s (%s) is only compensated when its entry is for the moment', async (call, fault) => {
    const userToken = await placeAndDie(bracketOf('k', iocEntry), call, fault);
    const second = await system.startReplica({ immediateAgeMaxMs: 0 });
    const legs = await outcomeOf(second, userToken);
    if (call === 'submitList' && fault === 'lost-answer') {
      // The exchange had it, and its entry found nothing to trade with.
      expect(legs.map(({ status }) => status)).toEqual([CANCELLED, CANCELLED, CANCELLED]);
    } else {
      expect(legs.map(({ status, refusal }) => [status, refusal?.reason])).toEqual(
        [0, 1, 2].map(() => [REJECTED, ErrorReason.ORDER_NOT_SUBMITTED_IN_TIME]),
      );
      for (const { orderId } of legs) expect(system.ledger.holds.get(orderId)).toBe('released');
    }
    await second.stop();
  });

  it('at submitList (lost-answer) keeps the exits of what its entry has bought', async () => {
    const other = await system.startReplica();
    const { userToken: seller } = await system.newUser();
    await other.orders.placeOrder({ clientOrderId: 's', terms: limitTerms('sell', '4', '70') }, { userToken: seller });
    await other.stop();
    const higher = limitTerms('buy', '10', '70', { timeInForce: TimeInForce.IOC });
    const userToken = await placeAndDie(bracketOf('k', higher), 'submitList', 'lost-answer');
    const second = await system.startReplica({ immediateAgeMaxMs: 0 });
    const legs = await outcomeOf(second, userToken);
    expect(shownLots(legs)).toEqual([
      { status: CANCELLED, quantity: '10', filledQuantity: '4' },
      { status: OPEN, quantity: '4', filledQuantity: '0' },
      { status: OPEN, quantity: '4', filledQuantity: '0' },
    ]);
    await second.stop();
  });

  const compensationPoints: [Call, Fault][] = [
    ['void', 'lost-request'],
    ['void', 'lost-answer'],
    ['releaseHolds', 'lost-request'],
    ['releaseHolds', 'lost-answer'],
  ];

  it.each(compensationPoints)(
    'and whose compensation dies at %s (%s) is compensated by the next',
    async (call, fault) => {
      const userToken = await placeAndDie(bracketOf('k', iocEntry), 'submitList', 'lost-request');
      const second = await system.startReplica({ immediateAgeMaxMs: 0 });
      await killAt(second, call, fault);
      const third = await system.startReplica({ immediateAgeMaxMs: 0 });
      const legs = await outcomeOf(third, userToken);
      expect(legs.map(({ refusal }) => refusal?.reason)).toEqual(
        [0, 1, 2].map(() => ErrorReason.ORDER_NOT_SUBMITTED_IN_TIME),
      );
      for (const { orderId } of legs) expect(system.ledger.holds.get(orderId)).toBe('released');
      await third.stop();
    },
  );
});
