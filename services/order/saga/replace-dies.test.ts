import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { defaultLimits } from '../config.ts';
import type { Fault } from '../testing/faults.ts';
import { limitTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';

let system: TestSystem;

beforeAll(async () => {
  system = await openTestSystem();
});
afterAll(() => system[Symbol.asyncDispose]());

type Call = 'amendHolds' | 'replace';

/** Kills the replica at its next call, before or after the call takes effect; resolves when it has ended. */
function killAt(replica: Replica, call: Call, fault: Fault): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const onFault = () => {
    resolve(replica.kill());
    throw new Error('the process has died');
  };
  if (call === 'replace') system.exchange.faults.fail(call, fault, { onFault });
  else system.ledger.faults.fail(call, fault, { onFault });
  return promise;
}

async function changeAndDie(call: Call, fault: Fault) {
  const owner = await system.newUser();
  // Late enough that the executor of the change is the one that makes the call.
  const replica = await system.startReplica({ sweepAgeMs: defaultLimits.sweepAgeMs });
  const terms = limitTerms('buy', '10', '50');
  const { order } = await replica.orders.placeOrder({ clientOrderId: 'k', terms }, owner);
  const orderId = order?.orderId ?? '';
  const dead = killAt(replica, call, fault);
  const request = { orderId, idempotencyKey: 'a', quantity: '12', limitPrice: '51' };
  await expect(replica.orders.replaceOrder(request, owner)).rejects.toThrow();
  await dead;
  return { owner, orderId, request };
}

describe('a change whose executor dies', () => {
  const points: [Call, Fault][] = [
    ['amendHolds', 'lost-request'],
    ['amendHolds', 'lost-answer'],
    ['replace', 'lost-request'],
    ['replace', 'lost-answer'],
  ];

  it.each(points)('at %s (%s) is made once, by the sweeper or by the feed', async (call, fault) => {
    const { owner, orderId, request } = await changeAndDie(call, fault);
    const second = await system.startReplica();
    await eventually(async () => {
      const { order } = await second.orders.getOrder({ orderId }, owner);
      expect(order).toMatchObject({ quantity: '12', limitPrice: '51.00', revision: 2 });
    });
    // The caller asks again by its key.
    expect((await second.orders.replaceOrder(request, owner)).order?.revision).toBe(2);
    const replaced = system.exchange.feed.filter(
      ({ event }) => event.case === 'replaced' && event.value.orderId === orderId,
    );
    expect(replaced).toHaveLength(1);
    await second.stop();
  });

  it.each(points)('at %s (%s), and whose order is cancelled meanwhile, ends with the order', async (call, fault) => {
    const { owner, orderId, request } = await changeAndDie(call, fault);
    await system.exchange.exchange.cancel({
      items: [{ commandId: `c${orderId}`, orderId, accountId: owner.userId, symbol: 'ACME' }],
    });
    const second = await system.startReplica();
    await eventually(async () => {
      const { order } = await second.orders.getOrder({ orderId }, owner);
      expect(order?.status).toBe(OrderStatus.CANCELLED);
    });
    const again = second.orders.replaceOrder(request, owner);
    if (call === 'replace' && fault === 'lost-answer') expect((await again).order?.quantity).toBe('12');
    else await expect(again).rejects.toMatchObject({ reason: ErrorReason.ORDER_ALREADY_FINAL });
    const { rows } = await system.db.query(
      'SELECT open_count, open_notional_micros FROM accounts WHERE account_id = $1',
      [owner.userId],
    );
    expect(rows).toEqual([{ open_count: 0, open_notional_micros: 0n }]);
    await second.stop();
  });
});

const patience = { timeoutMs: 60_000 };

describe('a change while the exchange is away', () => {
  it('is stored, and made when the exchange is back', { timeout: 90_000 }, async () => {
    const replica = await system.startReplica();
    const owner = await system.newUser();
    const terms = limitTerms('buy', '10', '50');
    const { order } = await replica.orders.placeOrder({ clientOrderId: 'k', terms }, owner);
    const orderId = order?.orderId ?? '';
    system.exchange.stop();
    const request = { orderId, idempotencyKey: 'a', quantity: '12' };
    await expect(replica.orders.replaceOrder(request, { ...owner, timeoutMs: 1_500 })).rejects.toThrow();
    system.exchange.start();
    await eventually(async () => {
      const found = await replica.orders.getOrder({ orderId }, owner);
      expect(found.order?.quantity).toBe('12');
      // The follower of the feed comes back by its own backoff, and the order may be open only then.
    }, patience);
    await replica.stop();
  });
});
