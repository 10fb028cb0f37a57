import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { FeedEventSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { OrderEndedSchema, OrderFilledSchema, OrderOpenedSchema } from '#gen/outcry/order/v1/events_pb.ts';
import { OrderCancelReason, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';
import { AccountConditionsChangedSchema } from '#gen/outcry/user/v1/events_pb.ts';
import { readHalts } from '#platform/feed/feed-state.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { failureOf } from '#platform/testing/failure-of.ts';
import { usualConditions } from '../testing/fake-market.ts';
import { limitTerms, marketTerms } from '../testing/terms.ts';
import { openTestSystem, type TestSystem } from '../testing/test-system.ts';

let system: TestSystem;

beforeEach(async () => {
  system = await openTestSystem();
});
afterEach(() => system[Symbol.asyncDispose]());

/** The opening of the order before has been published: in one page of the feed with its last fill it would not be. */
const untilPublished = (count: number) => eventually(() => expect(system.published).toHaveLength(count));

describe('consumeExchange', () => {
  it('publishes that orders are opened, filled and ended, with the fill’s own fee', async () => {
    const replica = await system.startReplica();
    const [maker, taker] = [await system.newUser(), await system.newUser({ house: true })];
    await replica.orders.placeOrder({ clientOrderId: 'm', terms: limitTerms('sell', '2', '100') }, maker);
    await untilPublished(1);
    await replica.orders.placeOrder({ clientOrderId: 't', terms: marketTerms('buy', '3') }, taker);
    const types = () => system.published.map(({ type }) => type.replace('outcry.order.v1.', ''));
    await eventually(() => expect(types()).toEqual(['OrderOpened', 'OrderFilled', 'OrderFilled', 'OrderEnded']));
    const filled = system.published
      .filter(({ type }) => type.endsWith('OrderFilled'))
      .map(({ payload }) => fromBinary(OrderFilledSchema, payload));
    expect(filled.map(({ fill }) => fill)).toMatchObject([
      { fee: '0.20', maker: true, quantity: '2', price: '100.00' },
      { fee: '0.40', maker: false, quantity: '2', price: '100.00' },
    ]);
  });

  it('confirms to the exchange what it has applied for good, and nothing beyond', async () => {
    const replica = await system.startReplica();
    const { feed, confirmed } = system.exchange;
    const owner = await system.newUser();
    for (let number = 1; number <= 5; number += 1) {
      await replica.orders.placeOrder({ clientOrderId: `k${number}`, terms: limitTerms('buy', '1', '50') }, owner);
      await eventually(() => expect(confirmed.at(-1)).toBe(BigInt(feed.length)));
    }
    system.exchange.pauseFeed(true);
    await replica.orders.placeOrder({ clientOrderId: 'unseen', terms: limitTerms('buy', '1', '50') }, owner);
    const rounds = confirmed.length;
    await eventually(() => expect(confirmed.length).toBeGreaterThan(rounds + 2));
    expect(confirmed.at(-1)).toBe(5n);
    expect(feed.length).toBe(6);
  });

  it('publishes no opening of an order that was filled whole as it came', async () => {
    const replica = await system.startReplica();
    const [maker, taker] = [await system.newUser(), await system.newUser()];
    await replica.orders.placeOrder({ clientOrderId: 'm', terms: limitTerms('sell', '2', '100') }, maker);
    await untilPublished(1);
    await replica.orders.placeOrder({ clientOrderId: 't', terms: limitTerms('buy', '2', '100') }, taker);
    await replica.orders.placeOrder({ clientOrderId: 'r', terms: limitTerms('buy', '1', '50') }, taker);
    const opened = () => system.published.filter(({ type }) => type.endsWith('OrderOpened'));
    await eventually(() => expect(opened()).toHaveLength(2));
    const orders = opened().map(({ payload }) => fromBinary(OrderOpenedSchema, payload).order?.clientOrderId);
    expect(orders).toEqual(['m', 'r']);
  });

  it('publishes the opening of an order that fills in part as it comes as it was before its fills', async () => {
    const replica = await system.startReplica();
    const [maker, taker] = [await system.newUser(), await system.newUser()];
    await replica.orders.placeOrder({ clientOrderId: 'm', terms: limitTerms('sell', '2', '100') }, maker);
    await untilPublished(1);
    await replica.orders.placeOrder({ clientOrderId: 't', terms: limitTerms('buy', '3', '100') }, taker);
    await eventually(() => expect(system.published).toHaveLength(4));
    const taken = system.published
      .filter(({ key }) => key === taker.userId)
      .map(({ payload, type }) =>
        type.endsWith('OrderOpened') ? fromBinary(OrderOpenedSchema, payload) : fromBinary(OrderFilledSchema, payload),
      );
    expect(taken).toMatchObject([
      { order: { status: OrderStatus.OPEN, filledQuantity: '0' } },
      { order: { status: OrderStatus.PARTIALLY_FILLED, filledQuantity: '2' } },
    ]);
    const [opened, filled] = taken.map(({ order }) => order?.version ?? 0n);
    expect(opened).toBeLessThan(filled ?? 0n);
  });

  it('stores why an order was cancelled, and publishes it', async () => {
    const replica = await system.startReplica();
    const owner = await system.newUser();
    const { order } = await replica.orders.placeOrder(
      { clientOrderId: 'r', terms: limitTerms('buy', '1', '50') },
      owner,
    );
    await replica.orders.cancelOrder({ orderId: order?.orderId }, owner);
    const { order: answered } = await replica.orders.placeOrder(
      { clientOrderId: 'i', terms: marketTerms('buy', '1') },
      owner,
    );
    expect(answered).toMatchObject({ status: OrderStatus.CANCELLED, cancelReason: OrderCancelReason.UNSPECIFIED });
    const reasonOf = async (clientOrderId: string) =>
      (await replica.orders.getOrder({ clientOrderId }, owner)).order?.cancelReason;
    expect(await reasonOf('r')).toBe(OrderCancelReason.REQUESTED);
    expect(await reasonOf('i')).toBe(OrderCancelReason.NO_LIQUIDITY);
    const ended = () => system.published.filter(({ type }) => type.endsWith('OrderEnded'));
    await eventually(() => expect(ended()).toHaveLength(2));
    expect(ended().map(({ payload }) => fromBinary(OrderEndedSchema, payload).order?.cancelReason)).toEqual([
      OrderCancelReason.REQUESTED,
      OrderCancelReason.NO_LIQUIDITY,
    ]);
  });

  it('publishes nothing of what the house does', async () => {
    const replica = await system.startReplica();
    const [house, person] = [await system.newUser(), await system.newUser()];
    system.market.conditions.set(house.userId, { ...usualConditions(house.userId), house: true });
    await replica.orders.placeOrder({ clientOrderId: 'h', terms: limitTerms('sell', '2', '100') }, house);
    await replica.orders.placeOrder({ clientOrderId: 'p', terms: limitTerms('buy', '2', '100') }, person);
    await eventually(() => expect(system.published).toHaveLength(1));
    const { order } = fromBinary(OrderFilledSchema, system.published[0]?.payload ?? new Uint8Array());
    expect(order?.clientOrderId).toBe('p');
  });

  it('is one among the replicas, and another goes on where it ended', async () => {
    const first = await system.startReplica();
    const second = await system.startReplica();
    const owner = await system.newUser();
    const terms = limitTerms('buy', '1', '50');
    await first.orders.placeOrder({ clientOrderId: 'a', terms }, owner);
    await first.stop();
    const { order } = await second.orders.placeOrder({ clientOrderId: 'b', terms }, owner);
    await eventually(async () => {
      const answer = await second.orders.getOrder({ orderId: order?.orderId }, owner);
      expect(answer.order?.status).toBe(OrderStatus.OPEN);
    });
    const { rows } = await system.db.query('SELECT name, sequence, epoch FROM platform.feed_position');
    expect(rows).toEqual([{ name: 'exchange.0', sequence: BigInt(system.exchange.feed.length), epoch: 'e1' }]);
  });

  it('halts when the feed has lost its history', async () => {
    const first = await system.startReplica();
    const owner = await system.newUser();
    const terms = limitTerms('buy', '1', '50');
    const { order } = await first.orders.placeOrder({ clientOrderId: 'a', terms }, owner);
    // Once this is answered the feed was applied up to the order: only then is there a position whose history can be lost.
    await first.orders.getOrder({ orderId: order?.orderId }, owner);
    await first.stop();
    system.exchange.loseHistory();
    await system.startReplica();
    await eventually(async () => {
      const cause = 'the feed has lost its history';
      expect(await readHalts(system.db)).toEqual([{ feed: 'exchange.0', sequence: 1n, cause }]);
    });
  });

  it('halts before a split of a symbol with open orders, by name and with the orders as they were', async () => {
    const replica = await system.startReplica();
    const owner = await system.newUser();
    const terms = limitTerms('sell', '10', '100');
    const { order } = await replica.orders.placeOrder({ clientOrderId: 'a', terms }, owner);
    await replica.orders.getOrder({ orderId: order?.orderId }, owner);
    const append = (event: MessageInitShape<typeof FeedEventSchema>['event']) => {
      const sequence = BigInt(system.exchange.feed.length + 1);
      system.exchange.feed.push(create(FeedEventSchema, { sequence, symbol: 'ACME', timeMs: 1n, event }));
    };
    const accountId = owner.userId;
    append({ case: 'split', value: { numerator: 1, denominator: 10 } });
    append({ case: 'replaced', value: { orderId: order?.orderId, accountId, priceTicks: 99n, quantityLots: 1n } });
    system.exchange.pauseFeed(false);
    await eventually(async () => {
      const cause = 'ACME was split 1:10 with orders open: orders cannot be split in this release';
      expect(await readHalts(system.db)).toEqual([{ feed: 'exchange.0', sequence: 2n, cause }]);
    });
    const { order: after } = await replica.orders.getOrder({ orderId: order?.orderId }, owner);
    expect(after).toMatchObject({ status: OrderStatus.OPEN, quantity: '10', limitPrice: '100.00' });
  });

  it('counts an event of an order that it does not know, and goes on', async () => {
    const replica = await system.startReplica();
    const order = { orderId: uuidV7(), accountId: uuidV7(), symbol: 'ACME', priceTicks: 1n, quantityLots: 1n };
    await system.exchange.exchange.submit({ orders: [order] });
    const owner = await system.newUser();
    const answer = await replica.orders.placeOrder({ clientOrderId: 'k', terms: limitTerms('buy', '1', '50') }, owner);
    expect(answer.order?.status).toBe(OrderStatus.OPEN);
    await eventually(async () => {
      const counter = await replica.app.metrics.registry.getSingleMetric('outcry_orders_feed_surprises_total')?.get();
      // Accepted, and cancelled as the rest of an order that may not rest.
      expect(counter?.values).toMatchObject([
        { value: 2, labels: { kind: 'unknown-order' } },
        { value: 0, labels: { kind: 'unexpected-change' } },
      ]);
    });
  });
});

describe('AccountConditionsChanged', () => {
  it('replaces the copy, unless it is older', async () => {
    const replica = await system.startReplica();
    const { userId, userToken } = await system.newUser();
    const terms = limitTerms('buy', '1', '50');
    await replica.orders.placeOrder({ clientOrderId: 'a', terms }, { userToken });
    /** Publishes the event and waits until it has taken effect. */
    const change = async (version: bigint, state: AccountState) => {
      const account = usualConditions(userId, { version, state });
      const payload = toBinary(AccountConditionsChangedSchema, create(AccountConditionsChangedSchema, { account }));
      const type = AccountConditionsChangedSchema.typeName;
      const id = uuidV7();
      await system.bus.publish([{ id, type, key: userId, payload, timeMs: Date.now(), traceparent: '' }]);
      await eventually(async () => {
        const { rowCount } = await system.db.query('SELECT FROM platform.inbox WHERE event_id = $1', [id]);
        expect(rowCount).toBe(1);
      });
    };
    const refusal = () =>
      failureOf(replica.orders.placeOrder({ clientOrderId: uuidV7(), terms }, { userToken })).then(
        ({ reason }) => reason,
      );
    await change(3n, AccountState.FROZEN);
    await eventually(async () => expect(await refusal()).toBe(ErrorReason.ACCOUNT_FROZEN));
    await change(2n, AccountState.ACTIVE);
    expect(await refusal()).toBe(ErrorReason.ACCOUNT_FROZEN);
    await change(4n, AccountState.ACTIVE);
    await eventually(async () => {
      const { order } = await replica.orders.placeOrder({ clientOrderId: 'b', terms }, { userToken });
      expect(order?.status).toBe(OrderStatus.OPEN);
    });
  });
});
