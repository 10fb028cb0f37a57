import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { usualConditions } from '../testing/fake-market.ts';
import { limitTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';

type Owner = Awaited<ReturnType<TestSystem['newUser']>>;

let system: TestSystem;
let replica: Replica;

beforeAll(async () => {
  system = await openTestSystem();
  replica = await system.startReplica();
});
afterAll(() => system[Symbol.asyncDispose]());

async function placeMany(owner: Owner, count: number, prefix = 'c'): Promise<void> {
  const place = (index: number) => {
    const terms = limitTerms('buy', '1', '40');
    return replica.orders.placeOrder({ clientOrderId: `${prefix}${index}`, terms }, { ...owner, timeoutMs: 15_000 });
  };
  await Promise.all(Array.from({ length: count }, (_, index) => place(index)));
}

async function openCount({ userId }: Owner): Promise<bigint | undefined> {
  const { rows } = await system.db.query<{ open: bigint }>(
    "SELECT count(*) AS open FROM orders WHERE account_id = $1 AND state = 'open'",
    [userId],
  );
  return rows[0]?.open;
}

const untilOpen = (owner: Owner, count: bigint) => eventually(async () => expect(await openCount(owner)).toBe(count));

describe('CancelAllOrders', () => {
  it('cancels every open order of the caller and no other', async () => {
    const [caller, other] = [await system.newUser(), await system.newUser()];
    await placeMany(caller, 2);
    await placeMany(other, 1);
    expect(await replica.orders.cancelAllOrders({}, caller)).toMatchObject({ requestedCount: 2, unsentCount: 0 });
    await untilOpen(caller, 0n);
    expect((await replica.orders.listOrders({ openOnly: true }, other)).orders).toHaveLength(1);
  });

  it('cancels more than fit on one page', async () => {
    const caller = await system.newUser();
    const many = { openOrdersMax: 10_000, ordersPerSecondMax: 10_000 };
    system.market.conditions.set(caller.userId, usualConditions(caller.userId, many));
    for (let round = 0; round < 3; round += 1) await placeMany(caller, 420, `r${round}-`);
    const { requestedCount } = await replica.orders.cancelAllOrders({}, { ...caller, timeoutMs: 15_000 });
    expect(requestedCount).toBe(1_260);
    await untilOpen(caller, 0n);
  });

  it('leaves what was placed after it alone when it is repeated under its key, and answers the same', async () => {
    const caller = await system.newUser();
    await placeMany(caller, 3);
    const request = { idempotencyKey: 'panic' };
    const first = await replica.orders.cancelAllOrders(request, caller);
    expect(first.requestedCount).toBe(3);
    await placeMany(caller, 2, 'later');
    expect(await replica.orders.cancelAllOrders(request, caller)).toEqual(first);
    await untilOpen(caller, 2n);
    const other = replica.orders.cancelAllOrders({ ...request, symbol: 'FRAC' }, caller);
    await expect(other).rejects.toMatchObject({ reason: ErrorReason.KEY_REUSED });
    expect((await replica.orders.cancelAllOrders({}, caller)).requestedCount).toBe(2);
  });

  it('cancels those of one symbol alone when asked for it', async () => {
    const caller = await system.newUser();
    await placeMany(caller, 2);
    const terms = limitTerms('buy', '1', '40', { symbol: 'FRAC' });
    await replica.orders.placeOrder({ clientOrderId: 'f', terms }, caller);
    expect((await replica.orders.cancelAllOrders({ symbol: 'FRAC' }, caller)).requestedCount).toBe(1);
    await untilOpen(caller, 2n);
  });

  it('cancels those of one side alone when asked for it, and refuses its key for the other side or for both', async () => {
    const caller = await system.newUser();
    await placeMany(caller, 2);
    await replica.orders.placeOrder({ clientOrderId: 's', terms: limitTerms('sell', '1', '140') }, caller);
    const request = { side: Side.SELL, idempotencyKey: 'sells' };
    const first = await replica.orders.cancelAllOrders(request, caller);
    expect(first.requestedCount).toBe(1);
    await untilOpen(caller, 2n);
    expect(await replica.orders.cancelAllOrders(request, caller)).toEqual(first);
    for (const side of [Side.BUY, Side.UNSPECIFIED]) {
      const other = replica.orders.cancelAllOrders({ ...request, side }, caller);
      await expect(other).rejects.toMatchObject({ reason: ErrorReason.KEY_REUSED });
    }
    const both = await replica.orders.cancelAllOrders({ symbol: 'ACME', side: Side.BUY }, caller);
    expect(both.requestedCount).toBe(2);
    await untilOpen(caller, 0n);
  });

  it('says what the exchange could not be given, which is cancelled once it is back', async () => {
    const caller = await system.newUser();
    await placeMany(caller, 3);
    // The answer to an order may come before its row is open, and only the cancel of an open one is sent.
    await untilOpen(caller, 3n);
    system.exchange.faults.fail('cancel', 'lost-request', { times: Number.POSITIVE_INFINITY });
    const answer = await replica.orders.cancelAllOrders({ idempotencyKey: 'away' }, caller);
    expect(answer).toMatchObject({ requestedCount: 3, unsentCount: 3 });
    expect(await openCount(caller)).toBe(3n);
    system.exchange.faults.heal();
    await untilOpen(caller, 0n);
  });
});
