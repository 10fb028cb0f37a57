/** Every kind of order on its way through the service: what the ledger holds for it, what the exchange gets, and what its owner sees. */
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { type NewOrder, NewOrderSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { OrderStatus, type OrderTermsSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, SelfTradePrevention, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { failureOf } from '#platform/testing/failure-of.ts';
import {
  readRulebookTimesInForce,
  rulebookTimesInForce,
  rulebookTypes,
} from '#platform/testing/rulebook-times-in-force.ts';
import { usualConditions } from '../testing/fake-market.ts';
import { limitTerms, tenShares as ten } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';

type TermsInit = MessageInitShape<typeof OrderTermsSchema>;

const { STOP, STOP_LIMIT, TRAILING_STOP, ICEBERG, LIMIT, MARKET } = OrderType;
const expireTime = timestampFromMs(4_000_000_000_123);
const trailPercent = { case: 'trailPercent', value: '1.5' } as const;

let system: TestSystem;
let replica: Replica;
let keys = 0;

beforeAll(async () => {
  system = await openTestSystem();
  replica = await system.startReplica();
});
afterAll(() => system[Symbol.asyncDispose]());

/** Places an order of ten shares under a new key. */
async function place(terms: TermsInit, owner?: Awaited<ReturnType<TestSystem['newUser']>>) {
  keys += 1;
  const user = owner ?? (await system.newUser());
  const request = { clientOrderId: `k${keys}`, terms };
  const { order } = await replica.orders.placeOrder(request, user);
  if (order === undefined) throw new Error('there is no order');
  const read = async () => (await replica.orders.getOrder({ orderId: order.orderId }, user)).order;
  return { order, user, request, read, hold: system.ledger.requested.at(-1) };
}

function acceptedOrder(orderId: string): NewOrder | undefined {
  for (const { event } of system.exchange.feed) {
    if (event.case === 'accepted' && event.value.order?.orderId === orderId) return event.value.order;
  }
  return undefined;
}

describe('PlaceOrder of each kind', () => {
  it.each<[string, TermsInit, Partial<NewOrder>, object]>([
    [
      'a stop, which gets a worst price 5 % beyond its stop price',
      ten(STOP, Side.BUY, { stopPrice: '105.00' }),
      { type: STOP, timeInForce: TimeInForce.GTC, stopPriceTicks: 10_500n, priceTicks: 11_025n },
      { stopPrice: '105.00', limitPrice: '110.25', waiting: true },
    ],
    [
      'a stop of a sale, with a worst price of its owner',
      ten(STOP, Side.SELL, { stopPrice: '90', limitPrice: '89', timeInForce: TimeInForce.DAY }),
      { type: STOP, timeInForce: TimeInForce.DAY, stopPriceTicks: 9_000n, priceTicks: 8_900n },
      { stopPrice: '90.00', limitPrice: '89.00', waiting: true },
    ],
    [
      'a stop-limit that is for the moment once it is reached',
      ten(STOP_LIMIT, Side.BUY, { stopPrice: '105', limitPrice: '106', timeInForce: TimeInForce.IOC }),
      {
        type: STOP_LIMIT,
        timeInForce: TimeInForce.IOC,
        stopPriceTicks: 10_500n,
        priceTicks: 10_600n,
        expireTimeMs: 0n,
      },
      { stopPrice: '105.00', limitPrice: '106.00', waiting: true },
    ],
    [
      'a trailing stop by an amount, from the last trade at 99.50',
      ten(TRAILING_STOP, Side.BUY, { trail: { case: 'trailAmount', value: '2.5' } }),
      { type: TRAILING_STOP, trailTicks: 250n, trailBps: 0, priceTicks: 10_710n },
      { trailAmount: '2.50', trailPercent: '', limitPrice: '107.10', waiting: true },
    ],
    [
      'a trailing stop by percent, of a sale',
      ten(TRAILING_STOP, Side.SELL, { trail: trailPercent }),
      { type: TRAILING_STOP, trailTicks: 0n, trailBps: 150, priceTicks: 9_310n },
      { trailAmount: '', trailPercent: '1.5', limitPrice: '93.10', waiting: true },
    ],
    [
      'an iceberg',
      ten(ICEBERG, Side.BUY, { limitPrice: '50', displayQuantity: '2' }),
      { type: ICEBERG, displayLots: 2n, priceTicks: 5_000n },
      { displayQuantity: '2', limitPrice: '50.00', waiting: false },
    ],
    [
      'a limit order until a time',
      ten(LIMIT, Side.BUY, { limitPrice: '50', timeInForce: TimeInForce.GTD, expireTime }),
      { type: LIMIT, timeInForce: TimeInForce.GTD, expireTimeMs: 4_000_000_000_123n },
      { expireTime, waiting: false },
    ],
    [
      'a post-only order that may slide',
      ten(LIMIT, Side.BUY, { limitPrice: '50', postOnly: true, slide: true }),
      { postOnly: true, slide: true },
      { postOnly: true, slide: true },
    ],
    [
      'a minimum quantity and another self-trade prevention',
      ten(LIMIT, Side.BUY, {
        limitPrice: '50',
        minimumQuantity: '4',
        selfTradePrevention: SelfTradePrevention.DECREMENT,
      }),
      { minimumLots: 4n, selfTradePrevention: SelfTradePrevention.DECREMENT },
      { minimumQuantity: '4', selfTradePrevention: SelfTradePrevention.DECREMENT },
    ],
    [
      'an order of an auction',
      ten(LIMIT, Side.BUY, { limitPrice: '50', timeInForce: TimeInForce.AT_OPEN }),
      { type: LIMIT, timeInForce: TimeInForce.AT_OPEN, expireTimeMs: 0n },
      { timeInForce: TimeInForce.AT_OPEN, waiting: false },
    ],
  ])('%s', async (_, terms, sent, shown) => {
    const { order, hold, user, request, read } = await place(terms);
    const accepted = acceptedOrder(order.orderId);
    expect(accepted).toMatchObject(sent);
    expect(hold).toMatchObject({ orderId: order.orderId, quantityLots: 10n, priceTicks: accepted?.priceTicks });
    expect(order).toMatchObject({ status: OrderStatus.OPEN, type: terms.type, ...shown });
    const stored = await read();
    expect(stored).toMatchObject({ status: OrderStatus.OPEN, type: terms.type, ...shown });
    expect((await replica.orders.placeOrder(request, user)).order).toEqual(order);
    const preview = await replica.orders.previewOrder({ terms }, user);
    expect(preview).toMatchObject({ limitPrice: order.limitPrice, quantity: '10' });
    expect(preview.refusal).toBeUndefined();
  });

  it('sends a plain order as the releases before did, to the byte', async () => {
    const { order, user } = await place(limitTerms('buy', '1', '50'));
    const plain = create(NewOrderSchema, {
      orderId: order.orderId,
      accountId: user.userId,
      symbol: 'ACME',
      side: Side.BUY,
      type: LIMIT,
      timeInForce: TimeInForce.GTC,
      priceTicks: 5_000n,
      quantityLots: 1n,
      selfTradePrevention: SelfTradePrevention.CANCEL_NEWEST,
    });
    const sent = acceptedOrder(order.orderId);
    expect(sent && toBinary(NewOrderSchema, sent)).toEqual(toBinary(NewOrderSchema, plain));
    const { rows } = await system.db.query('SELECT special_terms, time_in_force FROM orders WHERE order_id = $1', [
      order.orderId,
    ]);
    expect(rows).toEqual([{ special_terms: null, time_in_force: 'gtc' }]);
  });

  it('is stored so that a release before does not submit it as a plain order', async () => {
    const { order } = await place(ten(STOP, Side.BUY, { stopPrice: '105.00' }));
    const { rows } = await system.db.query('SELECT special_terms, time_in_force FROM orders WHERE order_id = $1', [
      order.orderId,
    ]);
    expect(rows).toEqual([{ special_terms: { stopTicks: 10_500 }, time_in_force: 'special-gtc' }]);
  });
});

describe('the rulebook', () => {
  const table = readRulebookTimesInForce();
  const pairs = rulebookTypes.flatMap((type) => rulebookTimesInForce.map((time) => [type, time] as const));
  const moreOf = (type: OrderType): TermsInit => {
    if (type === STOP) return { stopPrice: '105' };
    if (type === STOP_LIMIT) return { stopPrice: '105', limitPrice: '50' };
    if (type === TRAILING_STOP) return { trail: trailPercent };
    return type === ICEBERG ? { limitPrice: '50', displayQuantity: '1' } : { limitPrice: '50' };
  };

  it.each(pairs)('says whether %s goes with %s, and a preview says the same', async (typeName, timeName) => {
    const [type, timeInForce] = [OrderType[typeName], TimeInForce[timeName]];
    const terms = ten(type, Side.BUY, {
      ...moreOf(type),
      timeInForce,
      ...(timeInForce === TimeInForce.GTD && { expireTime }),
    });
    const user = await system.newUser();
    const preview = replica.orders.previewOrder({ terms }, user);
    if (table.get(typeName)?.has(timeName)) {
      expect((await preview).quantity).toBe('10');
    } else {
      const failure = await failureOf(preview);
      expect([failure.reason, failure.message]).toEqual([ErrorReason.INVALID_FIELD, expect.stringContaining('time')]);
    }
  });
});

describe('conditions', () => {
  it('that forbid market orders forbid the stops that become one', async () => {
    const user = await system.newUser();
    const conditions = usualConditions(user.userId, { marketOrdersPermitted: false });
    system.market.conditions.set(user.userId, conditions);
    const failure = await failureOf(place(ten(STOP, Side.BUY, { stopPrice: '105' }), user));
    expect(failure.reason).toBe(ErrorReason.TRADING_NOT_PERMITTED);
    const limited = await place(ten(STOP_LIMIT, Side.BUY, { stopPrice: '105', limitPrice: '106' }), user);
    expect(limited.order.waiting).toBe(true);
  });

  it('let an amount buy at market alone', async () => {
    const size = { case: 'amount', value: '500' } as const;
    const failure = await failureOf(place(ten(STOP, Side.BUY, { stopPrice: '105', size })));
    expect(failure.reason).toBe(ErrorReason.INVALID_FIELD);
    const { order } = await place(
      ten(MARKET, Side.BUY, { size, selfTradePrevention: SelfTradePrevention.CANCEL_BOTH }),
    );
    expect(order.selfTradePrevention).toBe(SelfTradePrevention.CANCEL_BOTH);
  });
});
