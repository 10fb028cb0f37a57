import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { type Order, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { deleteOldReplaces } from '../jobs/retention.ts';
import { limitTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';

let system: TestSystem;
let replica: Replica;

beforeAll(async () => {
  system = await openTestSystem();
  replica = await system.startReplica();
});
afterAll(() => system[Symbol.asyncDispose]());

type Owner = Awaited<ReturnType<TestSystem['newUser']>>;
type Change = Parameters<Replica['orders']['replaceOrder']>[0];

/** A resting order, ten shares unless said otherwise, and a function that changes it. */
async function rest(quantity = '10', price = '50', side: 'buy' | 'sell' = 'buy', symbol = 'ACME') {
  const owner = await system.newUser();
  const { order } = await replica.orders.placeOrder(
    { clientOrderId: 'k', terms: limitTerms(side, quantity, price, { symbol }) },
    owner,
  );
  const orderId = order?.orderId ?? '';
  const change = (idempotencyKey: string, given: Change = {}, timeoutMs = 15_000) =>
    replica.orders.replaceOrder({ orderId, idempotencyKey, ...given }, { ...owner, timeoutMs });
  return { owner, orderId, change };
}

async function get(owner: Owner, orderId: string): Promise<Order> {
  const { order } = await replica.orders.getOrder({ orderId }, owner);
  if (order === undefined) throw new Error('there is no order in the answer');
  return order;
}

const counters = async ({ userId }: Owner) => {
  const { rows } = await system.db.query<{ open_count: number; open_notional_micros: bigint }>(
    'SELECT open_count, open_notional_micros FROM accounts WHERE account_id = $1',
    [userId],
  );
  return rows[0];
};

describe('replaceOrder', () => {
  it('changes price and quantity of the same order, and reads show it', async () => {
    const { owner, orderId, change } = await rest();
    const { order } = await change('a', { quantity: '12.0', limitPrice: '51' });
    expect(order).toMatchObject({
      orderId,
      quantity: '12',
      limitPrice: '51.00',
      revision: 2,
      status: OrderStatus.OPEN,
    });
    expect(await get(owner, orderId)).toEqual(order);
    expect(system.ledger.amendments.get(orderId)).toMatchObject({ number: 1, quantityLots: 12n, priceTicks: 5_100n });
    expect(await counters(owner)).toEqual({ open_count: 1, open_notional_micros: 612_000_000n });
    // What is not named stays.
    expect((await change('b', { quantity: '5' })).order).toMatchObject({
      quantity: '5',
      limitPrice: '51.00',
      revision: 3,
    });
    expect(system.ledger.amendments.get(orderId)).toMatchObject({ number: 2 });
  });

  it('answers a repeat without changing the order again, and refuses the key with another body', async () => {
    const { change } = await rest();
    const { order } = await change('a', { quantity: '12' });
    expect((await change('a', { quantity: '12.00' })).order).toEqual(order);
    await expect(change('a', { quantity: '13' })).rejects.toMatchObject({ reason: ErrorReason.KEY_REUSED });
    await expect(change('a', { quantity: '12', expectedRevision: 1 })).rejects.toMatchObject({
      reason: ErrorReason.KEY_REUSED,
    });
  });

  it('trades at once where the new price meets the book', async () => {
    const { change } = await rest('10', '40', 'buy', 'FRAC');
    await rest('4', '45', 'sell', 'FRAC');
    const { order } = await change('a', { limitPrice: '46' });
    expect(order).toMatchObject({
      status: OrderStatus.PARTIALLY_FILLED,
      filledQuantity: '4',
      averageFillPrice: '45.00',
    });
    // As many as are filled: the rest is cancelled.
    expect((await change('b', { quantity: '4' })).order).toMatchObject({ status: OrderStatus.CANCELLED });
  });

  it('refuses another revision than the expected one, without storing that', async () => {
    const { change } = await rest();
    const stale = { code: Code.ABORTED, reason: ErrorReason.ORDER_REVISION_STALE };
    await expect(change('a', { quantity: '12', expectedRevision: 2 })).rejects.toMatchObject(stale);
    await change('b', { quantity: '11', expectedRevision: 1 });
    expect((await change('a', { quantity: '12', expectedRevision: 2 })).order?.revision).toBe(3);
  });

  it('refuses a change that met a newer revision at the exchange, and lets the same key ask again', async () => {
    const { owner, orderId, change } = await rest();
    const { order } = await change('a', { quantity: '11' });
    await system.db.query('UPDATE orders SET revision = 1 WHERE order_id = $1', [orderId]);
    const stale = { code: Code.ABORTED, reason: ErrorReason.ORDER_REVISION_STALE };
    await expect(change('b', { quantity: '12' })).rejects.toMatchObject(stale);
    await system.db.query('UPDATE orders SET revision = $2 WHERE order_id = $1', [orderId, order?.revision]);
    expect((await change('b', { quantity: '12' })).order?.quantity).toBe('12');
    expect((await get(owner, orderId)).revision).toBe(3);
  });

  it('refuses an order that has ended, with its status, and says so again', async () => {
    const { owner, orderId, change } = await rest();
    await replica.orders.cancelOrder({ orderId }, owner);
    const final = {
      code: Code.FAILED_PRECONDITION,
      reason: ErrorReason.ORDER_ALREADY_FINAL,
      metadata: { status: 'CANCELLED', order_id: orderId },
    };
    await expect(change('a', { quantity: '12' })).rejects.toMatchObject(final);
    await expect(change('a', { quantity: '12' })).rejects.toMatchObject(final);
  });

  it('refuses what the ledger does not hold for, and nothing of the order or its counters changes', async () => {
    const { owner, orderId, change } = await rest();
    const [before, counted] = [await get(owner, orderId), await counters(owner)];
    system.ledger.poor.add(owner.userId);
    const poor = { reason: ErrorReason.CASH_INSUFFICIENT, metadata: { needed: '10.00' } };
    await expect(change('a', { quantity: '20' })).rejects.toMatchObject(poor);
    system.ledger.poor.delete(owner.userId);
    await expect(change('a', { quantity: '20' })).rejects.toMatchObject(poor);
    expect(await get(owner, orderId)).toEqual(before);
    expect(await counters(owner)).toEqual(counted);
    expect((await change('b', { quantity: '20' })).order?.quantity).toBe('20');
  });

  it('finds no order of another account, no order of a malformed id, and takes no field that is not valid', async () => {
    const { orderId, change } = await rest();
    const stranger = await system.newUser();
    const missing = { code: Code.NOT_FOUND, reason: ErrorReason.ORDER_NOT_FOUND };
    const request = { orderId, idempotencyKey: 'a', quantity: '1' };
    await expect(replica.orders.replaceOrder(request, stranger)).rejects.toMatchObject(missing);
    await expect(change('a', { orderId: 'x', quantity: '1' })).rejects.toMatchObject(missing);
    const invalid = { code: Code.INVALID_ARGUMENT };
    await expect(change('a')).rejects.toMatchObject(invalid);
    await expect(change('a', { quantity: '0' })).rejects.toMatchObject(invalid);
    await expect(change('a', { quantity: '1', expectedRevision: -1 })).rejects.toMatchObject(invalid);
    await expect(change('', { quantity: '1' })).rejects.toMatchObject(invalid);
    await expect(change('a', { limitPrice: '50.001' })).rejects.toMatchObject({
      ...invalid,
      reason: ErrorReason.PRICE_NOT_ON_TICK,
    });
    // None of it was stored.
    expect((await change('a', { quantity: '1' })).order?.quantity).toBe('1');
  });

  it('makes changes that come at once one after the other', async () => {
    const { owner, orderId, change } = await rest();
    const keys = Array.from({ length: 5 }, (_, index) => `k${index}`);
    await Promise.all(keys.map((key, index) => change(key, { quantity: String(20 + index) }, 20_000)));
    expect((await get(owner, orderId)).revision).toBe(6);
  });

  it('waits until the ledger has settled the change before', async () => {
    const { change } = await rest();
    system.ledger.amends.state = 'unsettled';
    const changed = change('a', { quantity: '12' }, 20_000);
    await eventually(async () => expect(system.ledger.faults.countOf('amendHolds')).toBeGreaterThan(1));
    system.ledger.amends.state = 'open';
    expect((await changed).order?.quantity).toBe('12');
  });

  it('counts the greater terms while a change is on its way', async () => {
    const { owner, change } = await rest();
    system.exchange.faults.fail('replace', 'lost-request', { times: Number.POSITIVE_INFINITY });
    // Long enough for the change to be stored.
    await expect(change('a', { quantity: '20' }, 1_500)).rejects.toThrow();
    expect(await counters(owner)).toEqual({ open_count: 1, open_notional_micros: 1_000_000_000n });
    system.exchange.faults.heal();
    expect((await change('a', { quantity: '20' })).order?.quantity).toBe('20');
  });

  it('forgets keys that are older than 7 days', async () => {
    const { change } = await rest();
    await change('a', { quantity: '12' });
    await system.db.query(`UPDATE replaces SET create_time = create_time - interval '8 days'`);
    expect(await deleteOldReplaces(replica.deps, 1_000)).toBeGreaterThan(0);
    expect((await change('a', { quantity: '15' })).order?.quantity).toBe('15');
  });
});

describe('an order that ends while a change of it is on its way', () => {
  it('ends the change with it, though the exchange never had it', async () => {
    const { owner, orderId, change } = await rest();
    system.exchange.faults.fail('replace', 'lost-request', { times: Number.POSITIVE_INFINITY });
    const refused = expect(change('a', { quantity: '20' }, 20_000)).rejects.toMatchObject({
      reason: ErrorReason.ORDER_ALREADY_FINAL,
    });
    await eventually(async () => expect(system.ledger.amendments.has(orderId)).toBe(true));
    await replica.orders.cancelOrder({ orderId }, owner);
    system.exchange.faults.heal();
    await refused;
    expect(await counters(owner)).toEqual({ open_count: 0, open_notional_micros: 0n });
    await expect(change('a', { quantity: '20' })).rejects.toMatchObject({
      reason: ErrorReason.ORDER_ALREADY_FINAL,
    });
  });

  it('is refused by its end where the ledger has closed the hold first', async () => {
    const { owner, orderId, change } = await rest();
    system.ledger.amends.state = 'closed';
    const refused = expect(change('a', { quantity: '20' }, 20_000)).rejects.toMatchObject({
      reason: ErrorReason.ORDER_ALREADY_FINAL,
    });
    const pending = () =>
      system.db.query<{ state: string }>('SELECT state FROM replaces WHERE order_id = $1', [orderId]);
    await eventually(async () => expect((await pending()).rows).toHaveLength(1));
    await replica.orders.cancelOrder({ orderId }, owner);
    await refused;
    system.ledger.amends.state = 'open';
  });
});
