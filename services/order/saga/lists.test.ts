import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { OrderOpenedSchema } from '#gen/outcry/order/v1/events_pb.ts';
import { type Order, OrderCancelReason, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { ListType } from '#gen/outcry/trading/v1/trading_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { bracketOf, listed, ocoOf, shownLots } from '../testing/lists.ts';
import { limitTerms, marketTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';

let system: TestSystem;
let replica: Replica;

beforeAll(async () => {
  system = await openTestSystem();
  replica = await system.startReplica();
});
// What a test leaves in the book would trade with the orders of the next.
afterEach(async () => {
  for (const { userToken } of owners.splice(0)) await replica.orders.cancelAllOrders({}, { userToken });
});
afterAll(() => system[Symbol.asyncDispose]());

const owners: { userToken: string }[] = [];

async function newOwner() {
  const owner = await system.newUser();
  owners.push(owner);
  return owner;
}

const { OPEN, PARTIALLY_FILLED, FILLED, CANCELLED, REJECTED } = OrderStatus;

async function legsOf(userToken: string, clientListId = 'k'): Promise<Order[]> {
  return (await replica.orders.getOrderList({ clientListId }, { userToken })).orders;
}

/** Trades of others at a price, with what rests there. */
async function trade(side: 'buy' | 'sell', quantity: string, price: string): Promise<void> {
  const { userToken } = await newOwner();
  const order = { clientOrderId: 'other', terms: limitTerms(side, quantity, price) };
  await replica.orders.placeOrder(order, { userToken });
}

describe('a bracket', () => {
  it('is placed as one, its exits grow with its entry, and a trade of one ends or reduces the rest', async () => {
    const { userToken } = await newOwner();
    const placed = await replica.orders.placeOrderList(bracketOf('k'), { userToken });
    expect(placed.orders.map(({ clientOrderId, listIndex, listId }) => [clientOrderId, listIndex, listId])).toEqual(
      [0, 1, 2].map((index) => [`k-${index}`, index, placed.listId]),
    );
    expect(placed.orders.map(({ quantity, waiting, listType }) => [quantity, waiting, listType])).toEqual([
      ['10', false, ListType.BRACKET],
      ['0', true, ListType.BRACKET],
      ['0', true, ListType.BRACKET],
    ]);
    await trade('sell', '4', '50');
    await eventually(async () => {
      expect(shownLots(await legsOf(userToken))).toEqual([
        { status: PARTIALLY_FILLED, quantity: '10', filledQuantity: '4' },
        { status: OPEN, quantity: '4', filledQuantity: '0' },
        { status: OPEN, quantity: '4', filledQuantity: '0' },
      ]);
    });
    await trade('buy', '3', '60');
    await eventually(async () => {
      const legs = await legsOf(userToken);
      expect(shownLots(legs)).toEqual([
        { status: CANCELLED, quantity: '10', filledQuantity: '4' },
        { status: PARTIALLY_FILLED, quantity: '4', filledQuantity: '3' },
        { status: OPEN, quantity: '1', filledQuantity: '0' },
      ]);
      expect(legs[0]?.cancelReason).toBe(OrderCancelReason.LIST);
    });
    await trade('buy', '1', '60');
    await eventually(async () => {
      const legs = await legsOf(userToken);
      expect(legs.map(({ status }) => status)).toEqual([CANCELLED, FILLED, CANCELLED]);
      expect(legs[2]?.cancelReason).toBe(OrderCancelReason.LIST);
    });
  });

  it('says that an exit is in the book, or waits, when it has something to sell, and not before', async () => {
    const { userId, userToken } = await newOwner();
    await replica.orders.placeOrderList(bracketOf('k'), { userToken });
    const own = () =>
      system.published
        .filter(({ key, type }) => key === userId && type.endsWith('OrderOpened'))
        .map(({ payload }) => fromBinary(OrderOpenedSchema, payload).order)
        .map((order) => `${order?.listIndex}: ${order?.quantity}`);
    await eventually(() => expect(own()).toEqual(['0: 10']));
    await trade('sell', '10', '50');
    await eventually(() => expect(own().toSorted()).toEqual(['0: 10', '1: 10', '2: 10']));
  });

  it('ends with its entry, cancelled singly, while that has not traded, and its exits stay once it has', async () => {
    const { userToken } = await newOwner();
    const { orders: untraded } = await replica.orders.placeOrderList(bracketOf('k'), { userToken });
    await replica.orders.cancelOrder({ orderId: untraded[0]?.orderId }, { userToken });
    await eventually(async () => {
      const legs = await legsOf(userToken);
      expect(legs.map(({ cancelReason }) => cancelReason)).toEqual([
        OrderCancelReason.REQUESTED,
        OrderCancelReason.LIST,
        OrderCancelReason.LIST,
      ]);
    });
    const { orders: partly } = await replica.orders.placeOrderList(bracketOf('m'), { userToken });
    await trade('sell', '4', '50');
    await replica.orders.cancelOrder({ orderId: partly[0]?.orderId }, { userToken });
    await eventually(async () => {
      expect((await legsOf(userToken, 'm')).map(({ status }) => status)).toEqual([CANCELLED, OPEN, OPEN]);
    });
    await replica.orders.cancelOrder({ orderId: partly[2]?.orderId }, { userToken });
    await eventually(async () => {
      expect((await legsOf(userToken, 'm')).map(({ status }) => status)).toEqual([CANCELLED, CANCELLED, CANCELLED]);
    });
  });

  it('with a market entry is for the market of its moment: what is bought at once is protected at once', async () => {
    const { userToken } = await newOwner();
    await trade('sell', '4', '99');
    const { orders } = await replica.orders.placeOrderList(bracketOf('k', marketTerms('buy', '10')), { userToken });
    expect(shownLots(orders)).toEqual([
      { status: CANCELLED, quantity: '10', filledQuantity: '4' },
      { status: OPEN, quantity: '4', filledQuantity: '0' },
      { status: OPEN, quantity: '4', filledQuantity: '0' },
    ]);
  });

  it('counts for the open notional by its largest exposure, and for open orders by all of its orders', async () => {
    const { userId, userToken } = await newOwner();
    await replica.orders.placeOrderList(bracketOf('k'), { userToken });
    const counted = async () => {
      const { rows } = await system.db.query<{ open_count: number; open_notional_micros: bigint }>(
        'SELECT open_count, open_notional_micros FROM accounts WHERE account_id = $1',
        [userId],
      );
      return [rows[0]?.open_count, rows[0]?.open_notional_micros];
    };
    // Ten shares at 60, the greatest price of the three.
    expect(await counted()).toEqual([3, 600_000_000n]);
    await trade('sell', '4', '50');
    await eventually(async () => expect(await counted()).toEqual([3, 600_000_000n]));
    await replica.orders.cancelAllOrders({}, { userToken });
    await eventually(async () => expect(await counted()).toEqual([0, 0n]));
  });
});

describe('the key of a list', () => {
  it('answers the same list, and refuses another body, another type and the keys of its orders', async () => {
    const { userToken } = await newOwner();
    const first = await replica.orders.placeOrderList(bracketOf('k'), { userToken });
    const repeated = await replica.orders.placeOrderList(bracketOf('k'), { userToken });
    expect(repeated).toEqual(first);
    const reused = { reason: ErrorReason.KEY_REUSED };
    const other = bracketOf('k', limitTerms('buy', '10', '51'));
    await expect(replica.orders.placeOrderList(other, { userToken })).rejects.toMatchObject(reused);
    await expect(replica.orders.placeOrderList(ocoOf('k'), { userToken })).rejects.toMatchObject(reused);
    const ownKey = ocoOf('n', listed('k', 0, limitTerms('sell', '10', '60')));
    await expect(replica.orders.placeOrderList(ownKey, { userToken })).rejects.toMatchObject(reused);
    const single = { clientOrderId: 'k-0', terms: limitTerms('buy', '10', '50') };
    await expect(replica.orders.placeOrder(single, { userToken })).rejects.toMatchObject(reused);
    expect((await replica.orders.listOrders({}, { userToken })).orders).toHaveLength(3);
  });

  it('stores a refusal of the ledger for all orders', async () => {
    const { userId, userToken } = await newOwner();
    system.ledger.poor.add(userId);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(replica.orders.placeOrderList(bracketOf('k'), { userToken })).rejects.toMatchObject({
        reason: ErrorReason.CASH_INSUFFICIENT,
      });
    }
    const legs = await legsOf(userToken);
    expect(legs.map(({ status, refusal }) => [status, refusal?.reason])).toEqual(
      [0, 1, 2].map(() => [REJECTED, ErrorReason.CASH_INSUFFICIENT]),
    );
  });
});
