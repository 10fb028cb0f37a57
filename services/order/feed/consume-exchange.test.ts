import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { OrderFilledSchema } from '#gen/outcry/order/v1/events_pb.ts';
import { OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';
import { AccountConditionsChangedSchema } from '#gen/outcry/user/v1/events_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { eventually } from '../testing/eventually.ts';
import { usualConditions } from '../testing/fake-market.ts';
import { limitTerms, marketTerms } from '../testing/terms.ts';
import { createWorld, type World } from '../testing/test-system.ts';
import { applyFeed } from './apply-events.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

describe('runFollower', () => {
  it('tells the bus of orders that are opened, filled and ended, with the fill’s own fee', async () => {
    const replica = await world.startReplica();
    const [maker, taker] = [await world.newUser(), await world.newUser({ house: true })];
    await replica.orders.placeOrder({ clientOrderId: 'm', terms: limitTerms('sell', '2', '100') }, maker);
    await replica.orders.placeOrder({ clientOrderId: 't', terms: marketTerms('buy', '3') }, taker);
    const types = () => world.published.map(({ type }) => type.replace('outcry.order.v1.', ''));
    await eventually(
      async () => types(),
      (found) => found.length === 5,
    );
    expect(types()).toEqual(['OrderOpened', 'OrderOpened', 'OrderFilled', 'OrderFilled', 'OrderEnded']);
    const filled = world.published
      .filter(({ type }) => type.endsWith('OrderFilled'))
      .map(({ payload }) => fromBinary(OrderFilledSchema, payload));
    expect(filled.map(({ fill }) => fill)).toMatchObject([
      { fee: '0.20', maker: true, quantity: '2', price: '100.00' },
      { fee: '0.40', maker: false, quantity: '2', price: '100.00' },
    ]);
  });

  it('is one among the replicas, and another goes on where it ended', async () => {
    const first = await world.startReplica();
    const second = await world.startReplica();
    const owner = await world.newUser();
    await first.orders.placeOrder({ clientOrderId: 'a', terms: limitTerms('buy', '1', '50') }, owner);
    await first.stop();
    const { order } = await second.orders.placeOrder(
      { clientOrderId: 'b', terms: limitTerms('buy', '1', '50') },
      owner,
    );
    await eventually(
      () => second.orders.getOrder({ orderId: order?.orderId }, owner),
      (answer) => answer.order?.status === OrderStatus.OPEN,
    );
    const { rows } = await world.db.query<{ sequence: bigint }>('SELECT sequence FROM platform.feed_position');
    expect(rows).toEqual([{ sequence: BigInt(world.exchange.feed.length) }]);
  });

  it('commits nothing once the lease was taken over, and nothing with a gap', async () => {
    const { saga } = await world.startReplica();
    await world.db.query(
      `INSERT INTO platform.lease (name, holder, token, expire_time) VALUES ('order-feed-1', 'x', 7, now() + interval '1 h')`,
    );
    const stale = { shard: 1, leaseName: 'order-feed-1', leaseToken: 6n };
    const newest = { ...stale, leaseToken: 7n };
    const event = (sequence: bigint) => ({ sequence, event: { case: undefined } }) as never;
    await expect(applyFeed(saga, stale, 0n, [event(1n)])).rejects.toThrow('taken over');
    await expect(applyFeed(saga, newest, 0n, [event(2n)])).rejects.toThrow('gap');
    await expect(applyFeed(saga, newest, 0n, [event(1n)])).resolves.toEqual([]);
    await expect(applyFeed(saga, newest, 0n, [event(1n)])).rejects.toThrow('not 0 any more');
  });

  it('counts an event of an order that it does not know, and goes on', async () => {
    const replica = await world.startReplica();
    const order = { orderId: uuidV7(), accountId: uuidV7(), symbol: 'ACME', priceTicks: 1n, quantityLots: 1n };
    await world.exchange.exchange.submit({ orders: [order] });
    const owner = await world.newUser();
    const answer = await replica.orders.placeOrder({ clientOrderId: 'k', terms: limitTerms('buy', '1', '50') }, owner);
    expect(answer.order?.status).toBe(OrderStatus.OPEN);
    const counter = await replica.app.metrics.registry.getSingleMetric('outcry_orders_feed_surprises_total')?.get();
    // Accepted, and cancelled as the rest of an order that may not rest.
    expect(counter?.values).toMatchObject([{ value: 2, labels: { kind: 'unknown-order' } }]);
  });
});

describe('AccountConditionsChanged', () => {
  it('replaces the copy, unless it is older', async () => {
    const replica = await world.startReplica();
    const { userId, userToken } = await world.newUser();
    const terms = limitTerms('buy', '1', '50');
    await replica.orders.placeOrder({ clientOrderId: 'a', terms }, { userToken });
    const tell = (version: bigint, state: AccountState) => {
      const account = usualConditions(userId, { version, state });
      const payload = toBinary(AccountConditionsChangedSchema, create(AccountConditionsChangedSchema, { account }));
      const type = AccountConditionsChangedSchema.typeName;
      return world.deliver({ id: uuidV7(), type, key: userId, payload, timeMs: Date.now(), traceparent: '' });
    };
    await tell(3n, AccountState.FROZEN);
    await tell(2n, AccountState.ACTIVE);
    const call = () => replica.orders.placeOrder({ clientOrderId: uuidV7(), terms }, { userToken });
    await eventually(
      () =>
        call().then(
          () => undefined,
          (error) => error,
        ),
      (error) => error?.reason === ErrorReason.ACCOUNT_FROZEN,
    );
  });
});
