import { toJsonString } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { OrderSchema, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { usualConditions } from '../testing/fake-market.ts';
import { limitTerms, marketTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';

let system: TestSystem;
let replica: Replica;

beforeAll(async () => {
  system = await openTestSystem();
  replica = await system.startReplica();
});
afterAll(() => system[Symbol.asyncDispose]());

const place = (userToken: string, clientOrderId: string, terms: ReturnType<typeof limitTerms>, timeoutMs = 15_000) =>
  replica.orders.placeOrder({ clientOrderId, terms }, { userToken, timeoutMs });

describe('PreviewOrder', () => {
  it('answers what a buy would hold and cost at most, and places nothing', async () => {
    const { userToken } = await system.newUser();
    const preview = await replica.orders.previewOrder({ terms: marketTerms('buy', '10') }, { userToken });
    expect(preview).toMatchObject({ quantity: '10', limitPrice: '105.00', holdCash: '1052.10', feeMax: '2.10' });
    expect(preview.refusal).toBeUndefined();
    expect((await replica.orders.listOrders({}, { userToken })).orders).toEqual([]);
  });

  it('answers why an order would be refused', async () => {
    const { userToken, userId } = await system.newUser();
    system.market.conditions.set(userId, usualConditions(userId, { marketOrdersPermitted: false }));
    const { refusal } = await replica.orders.previewOrder({ terms: marketTerms('sell', '1') }, { userToken });
    const metadata = { permission: 'market_orders' };
    expect(refusal).toMatchObject({ reason: ErrorReason.TRADING_NOT_PERMITTED, metadata });
  });
});

describe('PlaceOrder', () => {
  it('answers a resting limit order as open', async () => {
    const { userToken } = await system.newUser();
    const { order } = await place(userToken, 'k1', limitTerms('buy', '5', '90'));
    expect(order).toMatchObject({ status: OrderStatus.OPEN, quantity: '5', limitPrice: '90.00', fees: '0.00' });
    expect(system.ledger.holds.get(order?.orderId ?? '')).toBe('held');
    expect(system.exchange.isOpen(order?.orderId ?? '')).toBe(true);
  });

  it('answers a market order with its fills, at a protection price of 5 % beyond the best quote', async () => {
    const [seller, buyer] = [await system.newUser(), await system.newUser()];
    await place(seller.userToken, 's', limitTerms('sell', '3', '100'));
    const { order } = await place(buyer.userToken, 'b', marketTerms('buy', '3'));
    expect(order).toMatchObject({
      status: OrderStatus.FILLED,
      limitPrice: '105.00',
      averageFillPrice: '100.00',
      filledQuantity: '3',
      fees: '0.60',
    });
  });

  it('orders the value that an amount buys, greatest fee included, and of it what there is', async () => {
    const { userToken } = await system.newUser();
    const terms = marketTerms('buy', '', { size: { case: 'amount', value: '1000.00' } });
    const { order } = await place(userToken, 'a', terms);
    expect(order).toMatchObject({ quantity: '10', amount: '1000.00', status: OrderStatus.CANCELLED });
  });

  it('gives fifty concurrent duplicates the same answer for one order', async () => {
    const { userToken, userId } = await system.newUser();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        place(userToken, 'same', limitTerms('buy', index % 2 ? '1.0' : '1.00', '90.0')),
      ),
    );
    expect(new Set(answers.map(({ order }) => order && toJsonString(OrderSchema, order))).size).toBe(1);
    const { rows } = await system.db.query('SELECT 1 FROM orders WHERE account_id = $1', [userId]);
    expect(rows).toHaveLength(1);
  });

  it('refuses another body under the same key', async () => {
    const { userToken } = await system.newUser();
    await place(userToken, 'k', limitTerms('buy', '1', '90'));
    await expect(place(userToken, 'k', limitTerms('buy', '2', '90'))).rejects.toMatchObject({
      code: Code.ALREADY_EXISTS,
      reason: ErrorReason.KEY_REUSED,
    });
  });

  it('stores a refusal of the ledger under the key, with its numbers', async () => {
    const { userToken, userId } = await system.newUser();
    system.ledger.poor.add(userId);
    const refusal = {
      code: Code.FAILED_PRECONDITION,
      reason: ErrorReason.CASH_INSUFFICIENT,
      metadata: expect.objectContaining({ needed: '10.00', available: '0.00' }),
    };
    await expect(place(userToken, 'k', limitTerms('buy', '1', '90'))).rejects.toMatchObject(refusal);
    system.ledger.poor.delete(userId);
    await expect(place(userToken, 'k', limitTerms('buy', '1', '90'))).rejects.toMatchObject(refusal);
    const { order } = await replica.orders.getOrder({ clientOrderId: 'k' }, { userToken });
    expect(order).toMatchObject({ status: OrderStatus.REJECTED, refusal: { reason: ErrorReason.CASH_INSUFFICIENT } });
  });

  it('stores a rejection of the exchange under the key', async () => {
    const { userToken } = await system.newUser();
    await place(userToken, 's', limitTerms('sell', '1', '99.30'));
    const terms = limitTerms('buy', '1', '99.30', { postOnly: true });
    for (let repeat = 0; repeat < 2; repeat += 1) {
      await expect(place(userToken, 'p', terms)).rejects.toMatchObject({ reason: ErrorReason.POST_ONLY_WOULD_TRADE });
    }
  });

  it('compensates an order that the exchange has no book for', async () => {
    const { userToken } = await system.newUser();
    system.exchange.unlisted.add('FRAC');
    const terms = limitTerms('buy', '1', '90', { symbol: 'FRAC' });
    await expect(place(userToken, 'k', terms)).rejects.toMatchObject({ reason: ErrorReason.SYMBOL_UNKNOWN });
    const { order } = await replica.orders.getOrder({ clientOrderId: 'k' }, { userToken });
    expect(system.ledger.holds.get(order?.orderId ?? '')).toBe('released');
  });

  it('refuses by the account’s state, permissions and limits, each with its numbers', async () => {
    const notional = { notional: '180.00', limit: '100.00' };
    const cases = [
      [{ state: AccountState.FROZEN }, ErrorReason.ACCOUNT_FROZEN, {}],
      [{ state: AccountState.CLOSED }, ErrorReason.ACCOUNT_CLOSED, {}],
      [{ orderNotionalMax: '100.00' }, ErrorReason.ORDER_NOTIONAL_OVER_LIMIT, notional],
      [{ openNotionalMax: '100.00' }, ErrorReason.OPEN_NOTIONAL_OVER_LIMIT, { open: '0.00', ...notional }],
    ] as const;
    for (const [conditions, reason, metadata] of cases) {
      const { userToken, userId } = await system.newUser();
      system.market.conditions.set(userId, usualConditions(userId, conditions));
      const refusal = { code: Code.FAILED_PRECONDITION, reason, metadata };
      await expect(place(userToken, 'k', limitTerms('buy', '2', '90'))).rejects.toMatchObject(refusal);
    }
  });

  it('counts open orders and the rate in the transaction that stores the intent', async () => {
    const { userToken, userId } = await system.newUser();
    system.market.conditions.set(userId, usualConditions(userId, { openOrdersMax: 3 }));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => place(userToken, `k${index}`, limitTerms('buy', '1', '90'))),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);

    const fast = await system.newUser();
    system.market.conditions.set(fast.userId, usualConditions(fast.userId, { ordersPerSecondMax: 2 }));
    const limited = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => place(fast.userToken, `k${index}`, limitTerms('buy', '1', '90'))),
    );
    const refusals = limited.filter(({ status }) => status === 'rejected');
    expect(refusals.length).toBeGreaterThanOrEqual(14);
    const refusal = { code: Code.RESOURCE_EXHAUSTED, reason: ErrorReason.ORDER_RATE_OVER_LIMIT, retryDelayMs: 1_000 };
    expect(refusals[0]).toMatchObject({ reason: refusal });
    const { orders } = await replica.orders.listOrders({}, { userToken: fast.userToken });
    expect(orders.length).toBe(20 - refusals.length);
  });

  it('stores nothing for terms that are not valid', async () => {
    const { userToken } = await system.newUser();
    const cases = [
      [limitTerms('buy', '1', '90.005'), Code.INVALID_ARGUMENT, ErrorReason.PRICE_NOT_ON_TICK],
      [limitTerms('buy', '1.5', '90'), Code.INVALID_ARGUMENT, ErrorReason.QUANTITY_NOT_ON_LOT],
      [limitTerms('buy', '-1', '90'), Code.INVALID_ARGUMENT, ErrorReason.INVALID_FIELD],
      [limitTerms('buy', '1e400', '90'), Code.INVALID_ARGUMENT, ErrorReason.INVALID_FIELD],
      [limitTerms('buy', '1', 'NaN'), Code.INVALID_ARGUMENT, ErrorReason.INVALID_FIELD],
      [limitTerms('buy', '1', '90', { symbol: 'NONE' }), Code.NOT_FOUND, ErrorReason.SYMBOL_UNKNOWN],
    ] as const;
    for (const [terms, code, reason] of cases) {
      await expect(place(userToken, 'k', terms)).rejects.toMatchObject({ code, reason });
    }
    const { order } = await place(userToken, 'k', limitTerms('buy', '1', '90'));
    expect(order?.status).toBe(OrderStatus.OPEN);
  });

  it('refuses a market order without any price, and repeats the first answer when the market is away', async () => {
    const { userToken } = await system.newUser();
    const terms = marketTerms('buy', '1', { symbol: 'FRAC' });
    const refusal = { code: Code.FAILED_PRECONDITION, reason: ErrorReason.NO_REFERENCE_PRICE };
    await expect(place(userToken, 'k', terms)).rejects.toMatchObject(refusal);
    system.market.setAway(true);
    const unknown = { code: expect.toBeOneOf([Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED]) };
    // Until the last prices are too old.
    await eventually(() => expect(place(userToken, uuidV7(), terms, 300)).rejects.toMatchObject(unknown));
    await expect(place(userToken, 'k', terms)).rejects.toMatchObject(refusal);
    const { order } = await place(userToken, 'limit', limitTerms('buy', '1', '90'));
    expect(order?.status).toBe(OrderStatus.OPEN);
    system.market.setAway(false);
    await eventually(() => expect(place(userToken, uuidV7(), terms)).rejects.toMatchObject(refusal));
  });

  it('sends Submit again while the exchange is away', async () => {
    const { userToken } = await system.newUser();
    system.exchange.faults.fail('submit', 'lost-request', { times: 3 });
    const { order } = await place(userToken, 'k', limitTerms('buy', '1', '90'));
    expect(order?.status).toBe(OrderStatus.OPEN);
  });

  it('takes no new order while too many events wait for the bus, but answers repeats and cancels', async () => {
    const { userToken } = await system.newUser();
    const { order } = await place(userToken, 'k', limitTerms('buy', '1', '90'));
    const full = await system.startReplica({ outboxBacklogMax: -1 });
    const refusal = { code: Code.RESOURCE_EXHAUSTED, reason: ErrorReason.OVERLOADED, retryDelayMs: 5_000 };
    const terms = limitTerms('buy', '1', '90');
    const call = full.orders.placeOrder({ clientOrderId: 'new', terms }, { userToken });
    await expect(call).rejects.toMatchObject(refusal);
    const { order: same } = await full.orders.placeOrder({ clientOrderId: 'k', terms }, { userToken });
    expect(same?.orderId).toBe(order?.orderId);
    const { order: cancelled } = await full.orders.cancelOrder({ orderId: order?.orderId }, { userToken });
    expect(cancelled?.status).toBe(OrderStatus.CANCELLED);
    await full.stop();
  });

  it('leaves the counters of every account equal to the sum over its orders', async () => {
    const { rows } = await system.db.query<{ drift: bigint }>(`
      SELECT count(*) AS drift FROM accounts AS a LEFT JOIN (
        SELECT account_id, count(*) AS n, sum((quantity_lots - filled_lots) * price_ticks * tick_lot_micros) AS micros
        FROM orders WHERE state NOT IN ('filled', 'cancelled', 'rejected') GROUP BY account_id
      ) AS o USING (account_id)
      WHERE a.open_count <> coalesce(o.n, 0) OR a.open_notional_micros <> coalesce(o.micros, 0)`);
    expect(rows[0]?.drift).toBe(0n);
  });
});
