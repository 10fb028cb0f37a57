import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { type Order, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { reasonName } from '#platform/errors/details.ts';
import { limitTerms, marketTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';

type Owner = Awaited<ReturnType<TestSystem['newUser']>>;

let system: TestSystem;
let replica: Replica;
let other: Replica;

beforeAll(async () => {
  system = await openTestSystem();
  replica = await system.startReplica();
  other = await system.startReplica();
});
afterAll(() => system[Symbol.asyncDispose]());

const micros = (shares: number) => BigInt(Math.round(shares * 1_000_000));

/** A person who has shares: available and held, by symbol. */
async function ownerOf(shares: Record<string, [available: number, held: number]>): Promise<Owner> {
  const owner = await system.newUser();
  own(owner, shares);
  return owner;
}

function own({ userId }: Owner, shares: Record<string, [available: number, held: number]>): void {
  const owned = Object.entries(shares).map(
    ([symbol, [available, held]]) =>
      [symbol, { availableMicros: micros(available), heldMicros: micros(held) }] as const,
  );
  system.ledger.shares.set(userId, new Map(owned));
}

async function ordersOf(owner: Owner): Promise<Order[]> {
  return (await replica.orders.listOrders({ pageSize: 200 }, owner)).orders;
}

describe('ClosePosition', () => {
  it('sells what is available, in whole lots, or the part that is asked for', async () => {
    const parts = [
      [{ case: undefined }, '7'],
      [{ case: 'percentage', value: '50' }, '3'],
      [{ case: 'percentage', value: '99.9999' }, '7'],
      [{ case: 'percentage', value: '100' }, '7'],
      [{ case: 'quantity', value: '2' }, '2'],
    ] as const;
    for (const [part, quantity] of parts) {
      const owner = await ownerOf({ ACME: [7.9, 2], FRAC: [100, 0] });
      const { order } = await replica.orders.closePosition({ symbol: 'ACME', clientOrderId: 'c', part }, owner);
      const sold = { symbol: 'ACME', side: Side.SELL, type: OrderType.MARKET, quantity, clientOrderId: 'c' };
      expect(order).toMatchObject(sold);
    }
  });

  it('sells nothing more when it is repeated, whatever the account has by then', async () => {
    const owner = await ownerOf({ ACME: [10, 0] });
    const request = { symbol: 'ACME', clientOrderId: 'half', part: { case: 'percentage' as const, value: '50' } };
    const first = await replica.orders.closePosition(request, owner);
    own(owner, { ACME: [4, 0] });
    expect(await replica.orders.closePosition(request, owner)).toEqual(first);
    system.ledger.faults.fail('getShares', 'lost-request', { times: Number.POSITIVE_INFINITY });
    expect(await other.orders.closePosition(request, owner)).toEqual(first);
    system.ledger.faults.heal();
    expect(await ordersOf(owner)).toHaveLength(1);
  });

  it('sells once for 50 calls at once on two replicas, though each may have read something else', async () => {
    const owner = await ownerOf({ ACME: [1_000, 0] });
    const request = { symbol: 'ACME', clientOrderId: 'all' };
    const calls = Array.from({ length: 50 }, (_, index) => {
      own(owner, { ACME: [1_000 - index, 0] });
      return (index % 2 === 0 ? replica : other).orders.closePosition(request, { ...owner, timeoutMs: 15_000 });
    });
    const answers = await Promise.all(calls);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await ordersOf(owner)).toHaveLength(1);
  });

  it('refuses the key with another symbol or part, and one of an order that was placed', async () => {
    const owner = await ownerOf({ ACME: [10, 0], FRAC: [10, 0] });
    await replica.orders.closePosition({ symbol: 'ACME', clientOrderId: 'k' }, owner);
    const reused = { reason: ErrorReason.KEY_REUSED };
    const quantity = { case: 'quantity' as const, value: '10' };
    const half = { case: 'percentage' as const, value: '50' };
    for (const change of [{ symbol: 'FRAC' }, { part: quantity }, { part: half }]) {
      const call = replica.orders.closePosition({ symbol: 'ACME', clientOrderId: 'k', ...change }, owner);
      await expect(call).rejects.toMatchObject(reused);
    }
    const placed = replica.orders.placeOrder({ clientOrderId: 'k', terms: marketTerms('sell', '10') }, owner);
    await expect(placed).rejects.toMatchObject(reused);
    await replica.orders.placeOrder({ clientOrderId: 'p', terms: limitTerms('buy', '1', '50') }, owner);
    const call = replica.orders.closePosition({ symbol: 'ACME', clientOrderId: 'p' }, owner);
    await expect(call).rejects.toMatchObject(reused);
  });

  it('is refused with numbers when less than a lot is available, and so is its repeat', async () => {
    const owner = await ownerOf({ ACME: [0.5, 3] });
    const request = { symbol: 'ACME', clientOrderId: 'none' };
    const refusal = {
      code: Code.FAILED_PRECONDITION,
      reason: ErrorReason.SHARES_INSUFFICIENT,
      metadata: expect.objectContaining({ needed: '1', available: '0.5', held: '3', symbol: 'ACME' }),
    };
    await expect(replica.orders.closePosition(request, owner)).rejects.toMatchObject(refusal);
    own(owner, { ACME: [5, 0] });
    await expect(replica.orders.closePosition(request, owner)).rejects.toMatchObject(refusal);
    const nothing = await system.newUser();
    await expect(replica.orders.closePosition(request, nothing)).rejects.toMatchObject({
      metadata: expect.objectContaining({ available: '0', held: '0' }),
    });
    expect(system.ledger.requested.filter(({ accountId }) => accountId === owner.userId)).toEqual([]);
  });

  it('names what is wrong with a request', async () => {
    const owner = await ownerOf({ ACME: [10, 0] });
    const wrong: [string, Parameters<Replica['orders']['closePosition']>[0]][] = [
      ['symbol', { symbol: '', clientOrderId: 'w' }],
      ['client_order_id', { symbol: 'ACME', clientOrderId: 'not a key' }],
      ['quantity', { symbol: 'ACME', clientOrderId: 'w', part: { case: 'quantity', value: '0' } }],
      ['quantity', { symbol: 'ACME', clientOrderId: 'w', part: { case: 'quantity', value: '1.5' } }],
      ['percentage', { symbol: 'ACME', clientOrderId: 'w', part: { case: 'percentage', value: '100.0001' } }],
      ['percentage', { symbol: 'ACME', clientOrderId: 'w', part: { case: 'percentage', value: '0' } }],
      ['percentage', { symbol: 'ACME', clientOrderId: 'w', part: { case: 'percentage', value: '1.00001' } }],
    ];
    for (const [field, request] of wrong) {
      const call = replica.orders.closePosition(request, owner);
      await expect(call).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT, violations: [{ field }] });
    }
    const unknown = replica.orders.closePosition({ symbol: 'NONE', clientOrderId: 'w' }, owner);
    await expect(unknown).rejects.toMatchObject({ reason: ErrorReason.SYMBOL_UNKNOWN });
    expect(await ordersOf(owner)).toEqual([]);
  });
});

describe('CloseAllPositions', () => {
  const words = ({ results }: Awaited<ReturnType<Replica['orders']['closeAllPositions']>>) =>
    results.map(({ symbol, outcome }) => {
      if (outcome.case === 'order') return `${symbol} ${outcome.value.quantity}`;
      return `${symbol} ${outcome.case === 'error' ? reasonName(outcome.value.reason) : 'none'}`;
    });

  it('sells each symbol, and names why one is not sold', async () => {
    system.market.setPrices({ symbol: 'FRAC', bidTicks: 900n, askTicks: 1_000n, lastTicks: 950n });
    const owner = await ownerOf({ ACME: [3, 0], FRAC: [0, 2], NONE: [1, 0] });
    const answer = await replica.orders.closeAllPositions({ idempotencyKey: 'all' }, owner);
    expect(words(answer)).toEqual(['ACME 3', 'FRAC SHARES_INSUFFICIENT', 'NONE SYMBOL_UNKNOWN']);
    expect(answer.leftCount).toBe(0);
  });

  it('has the same answer and no further order when it is repeated, on any replica and at once', async () => {
    const owner = await ownerOf({ ACME: [3, 0] });
    const request = { idempotencyKey: 'again' };
    const calls = Array.from({ length: 20 }, (_, index) =>
      (index % 2 === 0 ? replica : other).orders.closeAllPositions(request, { ...owner, timeoutMs: 15_000 }),
    );
    const answers = await Promise.all(calls);
    own(owner, { ACME: [9, 0], FRAC: [1, 0] });
    answers.push(await other.orders.closeAllPositions(request, owner));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await ordersOf(owner)).toHaveLength(1);
    const reused = replica.orders.closeAllPositions({ ...request, cancelOrders: true }, owner);
    await expect(reused).rejects.toMatchObject({ reason: ErrorReason.KEY_REUSED });
  });

  it('cancels all orders first when it is asked to, and waits for what the ledger releases', async () => {
    const owner = await ownerOf({ ACME: [1, 4] });
    const { order } = await replica.orders.placeOrder(
      { clientOrderId: 's', terms: limitTerms('sell', '4', '120') },
      owner,
    );
    const answer = replica.orders.closeAllPositions(
      { idempotencyKey: 'cancel', cancelOrders: true },
      { ...owner, timeoutMs: 10_000 },
    );
    await expect.poll(() => system.exchange.isOpen(order?.orderId ?? '')).toBe(false);
    // The ledger has settled up to the cancel only now: what it said before does not count.
    own(owner, { ACME: [5, 0] });
    system.ledger.positions.set(0, BigInt(system.exchange.feed.length));
    expect(words(await answer)).toEqual(['ACME 5']);
    const cancelled = await replica.orders.getOrder({ orderId: order?.orderId ?? '' }, owner);
    expect(cancelled.order?.status).toBe(OrderStatus.CANCELLED);
  });

  it('sells nothing when the orders have not ended in time, and goes on when it is repeated', async () => {
    const owner = await ownerOf({ ACME: [1, 4] });
    await replica.orders.placeOrder({ clientOrderId: 's', terms: limitTerms('sell', '4', '120') }, owner);
    system.ledger.positions.set(0, 0n);
    const request = { idempotencyKey: 'slow', cancelOrders: true };
    const late = replica.orders.closeAllPositions(request, { ...owner, timeoutMs: 1_500 });
    await expect(late).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED });
    expect(await ordersOf(owner)).toHaveLength(1);
    own(owner, { ACME: [5, 0] });
    system.ledger.positions.set(0, BigInt(system.exchange.feed.length));
    expect(words(await replica.orders.closeAllPositions(request, owner))).toEqual(['ACME 5']);
  });
});
