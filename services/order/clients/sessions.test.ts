import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { limitTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';

let system: TestSystem;
let replica: Replica;

beforeAll(async () => {
  system = await openTestSystem();
  replica = await system.startReplica();
});
afterAll(() => system[Symbol.asyncDispose]());

const keepAlive = (accountId: string, sessionId = 's', ttlMs = 60_000) =>
  replica.deps.sessions.keepAlive({ accountId, sessionId, ttlMs });
const callsOf = async (work: () => Promise<unknown>) => {
  const before = system.exchange.faults.countOf('keepAlive');
  await work();
  return system.exchange.faults.countOf('keepAlive') - before;
};

describe('keepAlive', () => {
  it('renews once for calls that come at once or soon after, and again for another time to live', async () => {
    const { userId } = await system.newUser();
    const calls = await callsOf(async () => {
      const ends = await Promise.all([1, 2, 3].map(() => keepAlive(userId)));
      expect(new Set([...ends, await keepAlive(userId)]).size).toBe(1);
    });
    expect(calls).toBe(1);
    expect(await callsOf(() => keepAlive(userId, 's', 30_000))).toBe(1);
  });

  it('renews again after a tenth of the time to live', async () => {
    const { userId } = await system.newUser();
    const first = await keepAlive(userId, 's', 3_600_000);
    system.clock.aheadMs = 360_001;
    expect(await callsOf(() => keepAlive(userId, 's', 3_600_000))).toBe(1);
    system.clock.aheadMs = 0;
    expect(first).toBeGreaterThan(Date.now() + 3_500_000);
  });

  it('asks again after a renewal that failed', async () => {
    const { userId } = await system.newUser();
    system.exchange.faults.fail('keepAlive', 'lost-request');
    await expect(keepAlive(userId)).rejects.toThrow();
    expect(await callsOf(() => keepAlive(userId))).toBe(1);
  });

  it('has sessions of one name for each account, and ten of an account at a time', async () => {
    const [one, other] = [await system.newUser(), await system.newUser()];
    for (let session = 0; session < 10; session += 1) await keepAlive(one.userId, `s${session}`);
    const over = { reason: ErrorReason.SESSIONS_OVER_LIMIT };
    await expect(keepAlive(one.userId, 's10')).rejects.toMatchObject(over);
    await keepAlive(other.userId, 's10');
    await system.db.query(`UPDATE sessions SET end_time = now() - interval '1 s' WHERE session_id = 's3'`);
    await keepAlive(one.userId, 's10');
  });

  it('gives its exchange name to the orders of the session', async () => {
    const owner = await system.newUser();
    await keepAlive(owner.userId, 'desk');
    const terms = limitTerms('buy', '1', '50', { sessionId: 'desk' });
    const { order } = await replica.orders.placeOrder({ clientOrderId: 'k', terms }, owner);
    expect(order).toMatchObject({ status: OrderStatus.OPEN, sessionId: 'desk' });
    const accepted = system.exchange.feed.findLast(({ event }) => event.case === 'accepted')?.event.value;
    const name = accepted && 'order' in accepted ? accepted.order?.sessionId : undefined;
    expect(system.exchange.sessions.has(name ?? '')).toBe(true);
  });
});
