import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { Order } from '#gen/outcry/order/v1/order_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { bracketOf, ocoOf } from '../testing/lists.ts';
import { limitTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';

let system: TestSystem;
let replica: Replica;

beforeAll(async () => {
  system = await openTestSystem();
  replica = await system.startReplica();
});
afterAll(() => system[Symbol.asyncDispose]());

type Change = Parameters<Replica['orders']['replaceOrder']>[0];

/** A list, and functions that change one of its orders and read what it counts for. */
async function place(list: Parameters<Replica['orders']['placeOrderList']>[0]) {
  const owner = await system.newUser();
  const { orders: placed } = await replica.orders.placeOrderList(list, owner);
  const idOf = (index: number) => placed[index]?.orderId ?? '';
  const change = async (index: number, given: Change): Promise<Order | undefined> => {
    const idempotencyKey = `${index} ${JSON.stringify(given)}`.replaceAll(/[^A-Za-z0-9]/g, '-');
    const { order } = await replica.orders.replaceOrder({ orderId: idOf(index), idempotencyKey, ...given }, owner);
    return order;
  };
  const openNotional = async () => {
    const { rows } = await system.db.query<{ open_notional_micros: bigint }>(
      'SELECT open_notional_micros FROM accounts WHERE account_id = $1',
      [owner.userId],
    );
    return Number(rows[0]?.open_notional_micros) / 1_000_000;
  };
  const legs = async () => (await replica.orders.getOrderList({ clientListId: 'k' }, owner)).orders;
  const cancel = () => replica.orders.cancelAllOrders({}, owner);
  return { change, openNotional, legs, cancel };
}

async function sellOne(price: string, quantity: string): Promise<void> {
  const other = await system.newUser();
  const order = { clientOrderId: 'other', terms: limitTerms('sell', quantity, price) };
  await replica.orders.placeOrder(order, other);
}

describe('the change of an order of a list', () => {
  it('changes the prices of exits, also of those without shares yet, and the list counts by the greatest', async () => {
    const { change, openNotional, legs, cancel } = await place(bracketOf('k'));
    expect(await openNotional()).toBe(600);
    expect(await change(1, { limitPrice: '70' })).toMatchObject({ quantity: '0', limitPrice: '70.00', revision: 2 });
    expect(await openNotional()).toBe(700);
    expect(await change(2, { stopPrice: '45', limitPrice: '41' })).toMatchObject({
      quantity: '0',
      stopPrice: '45.00',
      limitPrice: '41.00',
    });
    expect(await openNotional()).toBe(700);
    await sellOne('50', '4');
    await eventually(async () => expect((await legs()).map(({ quantity }) => quantity)).toEqual(['10', '4', '4']));
    // What is left of the entry, and the exit that counts.
    expect(await openNotional()).toBe(700);
    expect(await change(2, { limitPrice: '75' })).toMatchObject({ quantity: '4', limitPrice: '75.00' });
    expect(await openNotional()).toBe(750);
    expect(await change(2, { limitPrice: '41' })).toMatchObject({ quantity: '4', limitPrice: '41.00' });
    await cancel();
    await eventually(async () => expect(await openNotional()).toBe(0));
  });

  it('changes the quantity of its entry, by which its exits grow', async () => {
    const { change, openNotional, legs, cancel } = await place(bracketOf('k'));
    expect(await change(0, { quantity: '12', limitPrice: '51' })).toMatchObject({
      quantity: '12',
      limitPrice: '51.00',
    });
    expect(await openNotional()).toBe(720);
    await sellOne('51', '12');
    await eventually(async () => expect((await legs()).map(({ quantity }) => quantity)).toEqual(['12', '12', '12']));
    expect(await openNotional()).toBe(720);
    await cancel();
    await eventually(async () => expect(await openNotional()).toBe(0));
  });

  it('is refused for the quantity of an exit, which follows the other orders', async () => {
    const { change, cancel } = await place(ocoOf('k'));
    await expect(change(0, { quantity: '5' })).rejects.toMatchObject({ reason: ErrorReason.INVALID_FIELD });
    expect(await change(0, { limitPrice: '61' })).toMatchObject({ quantity: '10', limitPrice: '61.00' });
    await cancel();
  });
});
