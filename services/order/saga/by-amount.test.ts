import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrderCancelReason, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { limitTerms, marketTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';

let system: TestSystem;
let replica: Replica;
type Owner = Awaited<ReturnType<TestSystem['newUser']>>;

beforeAll(async () => {
  system = await openTestSystem();
  replica = await system.startReplica();
});
afterAll(() => system?.[Symbol.asyncDispose]());

const byAmount = (value: string, timeInForce: TimeInForce = TimeInForce.IOC) =>
  marketTerms('buy', '', { timeInForce, size: { case: 'amount', value } });

/** Offers of other people, which the test's order empties. */
async function offer(...offers: [quantity: string, price: string][]): Promise<void> {
  const seller = await system.newUser();
  for (const [quantity, price] of offers) {
    const order = { clientOrderId: uuidV7(), terms: limitTerms('sell', quantity, price) };
    await replica.orders.placeOrder(order, seller);
  }
}

async function spend(amount: string, buyer: Owner, timeInForce?: TimeInForce) {
  const { order } = await replica.orders.placeOrder(
    { clientOrderId: 'k', terms: byAmount(amount, timeInForce) },
    buyer,
  );
  return { ...order, again: (await replica.orders.getOrder({ clientOrderId: 'k' }, buyer)).order };
}

async function countersOf({ userId }: Owner) {
  const { rows } = await system.db.query<{ open_count: number; open_notional_micros: bigint }>(
    'SELECT open_count, open_notional_micros FROM accounts WHERE account_id = $1',
    [userId],
  );
  return rows[0];
}

describe('an order by amount', () => {
  it('holds the amount, buys at each price what the rest pays for, and is filled when that is nothing', async () => {
    const buyer = await system.newUser();
    await offer(['3', '100'], ['5', '101'], ['5', '102']);
    const { again, ...order } = await spend('500.00', buyer);
    // 499.00 and a fee of 1.00 (20 bps) are the amount. After 3 at 100 and 1 at 101 no more is bought with what is left of the 499.00.
    expect(order).toMatchObject({ status: OrderStatus.FILLED, filledQuantity: '4', quantity: '4', amount: '500.00' });
    expect(again).toMatchObject({ status: OrderStatus.FILLED, quantity: '4', fees: '0.81', amount: '500.00' });
    const hold = system.ledger.requested.find(({ orderId }) => orderId === order.orderId);
    expect(hold).toMatchObject({ amountMicros: 500_000_000n });
    expect(await countersOf(buyer)).toEqual({ open_count: 0, open_notional_micros: 0n });
  });

  it('is cancelled when the book ends before it is spent, and says of what amount it was', async () => {
    const buyer = await system.newUser();
    const { again, ...order } = await spend('500.00', buyer);
    expect(order).toMatchObject({ status: OrderStatus.FILLED, filledQuantity: '4' });
    const poor = await system.newUser();
    const rest = await spend('5000.00', poor);
    expect(rest).toMatchObject({ status: OrderStatus.CANCELLED, filledQuantity: '5', amount: '5000.00' });
    expect(rest.again).toMatchObject({ cancelReason: OrderCancelReason.NO_LIQUIDITY });
    expect(again).toMatchObject({ averageFillPrice: '101.00' });
    expect(await countersOf(poor)).toEqual({ open_count: 0, open_notional_micros: 0n });
  });

  it('is filled whole at once, or refused, as FOK', async () => {
    await offer(['2', '100']);
    const refused = spend('500.00', await system.newUser(), TimeInForce.FOK);
    await expect(refused).rejects.toMatchObject({ code: Code.FAILED_PRECONDITION });
    const order = await spend('210.00', await system.newUser(), TimeInForce.FOK);
    expect(order).toMatchObject({ status: OrderStatus.FILLED, filledQuantity: '2' });
  });

  it('counts with its value against the limit of open orders while it is on its way', async () => {
    const buyer = await system.newUser();
    system.exchange.pauseFeed(true);
    await offer(['9', '100']);
    const placing = spend('500.00', buyer);
    await eventually(async () =>
      expect(await countersOf(buyer)).toEqual({ open_count: 1, open_notional_micros: 499_000_000n }),
    );
    system.exchange.pauseFeed(false);
    expect(await placing).toMatchObject({ filledQuantity: '4' });
  });

  it('is previewed with the lots of the moment and the hold that it takes', async () => {
    const buyer = await system.newUser();
    const preview = await replica.orders.previewOrder({ terms: byAmount('500.00') }, buyer);
    expect(preview).toMatchObject({ quantity: '4', holdCash: '500.00', feeMax: '1.00', limitPrice: '105.00' });
    expect(preview.refusal).toBeUndefined();
    const none = await replica.orders.previewOrder({ terms: byAmount('100.00') }, buyer);
    expect(none).toMatchObject({ quantity: '0', refusal: { metadata: { amount: '100.00', lot_cost: '100.20' } } });
  });

  it('waits for the upgrade of an exchange that does not know such orders; what was placed before is answered', async () => {
    const buyer = await system.newUser();
    await offer(['9', '100']);
    await spend('500.00', buyer);
    system.exchange.rules.version = 4;
    const other = await system.startReplica();
    const order = { clientOrderId: 'k', terms: byAmount('500.00') };
    expect(await other.orders.placeOrder(order, buyer)).toMatchObject({ order: { filledQuantity: '4' } });
    const refused = other.orders.placeOrder({ ...order, clientOrderId: 'next' }, buyer);
    await expect(refused).rejects.toMatchObject({ code: Code.UNAVAILABLE });
    system.exchange.rules.version = 5;
    await other.orders.placeOrder({ ...order, clientOrderId: 'next' }, buyer);
    await other.stop();
  });
});
