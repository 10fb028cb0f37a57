import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { limitTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';

let system: TestSystem;
let replica: Replica;

beforeAll(async () => {
  system = await openTestSystem();
  replica = await system.startReplica();
});
afterAll(() => system[Symbol.asyncDispose]());

const acceptedCount = (orderId: string) =>
  system.exchange.feed.filter(({ event }) => event.case === 'accepted' && event.value.order?.orderId === orderId)
    .length;

describe('when every connection to the database breaks', () => {
  it.each(['placeHolds', 'submit'] as const)('at %s, the order is taken to the book once', async (call) => {
    const owner = await system.newUser();
    let broken: Promise<void> | undefined;
    const onFault = () => {
      broken = system.db.breakConnections();
    };
    if (call === 'submit') system.exchange.faults.fail(call, 'lost-answer', { onFault });
    else system.ledger.faults.fail(call, 'lost-answer', { onFault });
    const place = () =>
      replica.orders.placeOrder({ clientOrderId: 'k', terms: limitTerms('buy', '1', '50') }, { ...owner });
    // The call may be answered or fail; its key has one outcome.
    await place().catch(() => undefined);
    await eventually(async () => expect((await place()).order?.status).toBe(OrderStatus.OPEN));
    await broken;
    const { orders } = await replica.orders.listOrders({}, owner);
    expect(orders).toHaveLength(1);
    const { orderId = '' } = orders[0] ?? {};
    expect(system.ledger.holds.get(orderId)).toBe('held');
    expect(acceptedCount(orderId)).toBe(1);
  });

  it('again and again while orders trade, each event of the feed is applied once', async () => {
    const [buyer, seller] = [await system.newUser(), await system.newUser()];
    const place = (clientOrderId: string, side: 'buy' | 'sell', owner: { userToken: string }) =>
      replica.orders.placeOrder({ clientOrderId, terms: limitTerms(side, '1', '70') }, owner);
    for (let round = 0; round < 5; round += 1) {
      const calls = [place(`${round}`, 'buy', buyer), place(`${round}`, 'sell', seller)];
      await system.db.breakConnections();
      await Promise.allSettled(calls);
      await eventually(() => place(`${round}`, 'buy', buyer));
      await eventually(() => place(`${round}`, 'sell', seller));
    }
    await eventually(async () => {
      for (const owner of [buyer, seller]) {
        const { orders } = await replica.orders.listOrders({}, owner);
        expect(orders.map(({ status }) => status)).toEqual(Array(5).fill(OrderStatus.FILLED));
        expect((await replica.orders.listFills({}, owner)).fills).toHaveLength(5);
      }
    });
  });
});
