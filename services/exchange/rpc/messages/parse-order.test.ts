import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { NewOrderSchema, OrderListSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { ListType, OrderType, SelfTradePrevention, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { newOrder, type OrderInit } from '../../testing/requests.ts';
import { parseNewOrder, parseOrderList } from './parse-order.ts';

const { LIMIT, STOP, STOP_LIMIT, TRAILING_STOP, ICEBERG, MARKET } = OrderType;
const { GTC, DAY, GTD, IOC, FOK, AT_OPEN, AT_CLOSE } = TimeInForce;
const types = [LIMIT, STOP, STOP_LIMIT, TRAILING_STOP, ICEBERG];
const timesInForce = [GTC, DAY, GTD, IOC, FOK, AT_OPEN, AT_CLOSE];
const big = 2n ** 31n - 1n;

const needed: Partial<Record<OrderType, OrderInit>> = {
  [STOP]: { stopPriceTicks: 90n },
  [STOP_LIMIT]: { stopPriceTicks: 90n },
  [TRAILING_STOP]: { trailTicks: 5n },
  [ICEBERG]: { displayLots: 2n },
};

function order(type: OrderType, timeInForce: TimeInForce, terms: OrderInit = {}): OrderInit {
  const expiry = timeInForce === GTD ? { expireTimeMs: 1_800_000_000_000n } : {};
  return newOrder('buy', { type, timeInForce, ...needed[type], ...expiry, ...terms });
}

/** The field that is refused; undefined for an order that is taken. */
const fieldOf = (init: OrderInit) => parseNewOrder(create(NewOrderSchema, init)).violation?.field;

/** Every type with every time in force. */
const pairs = types.flatMap((type) => timesInForce.map((timeInForce) => [type, timeInForce] as const));
const goTogether = (type: OrderType, timeInForce: TimeInForce) =>
  rests(timeInForce) ||
  type === LIMIT ||
  (type === STOP_LIMIT && (timeInForce === IOC || timeInForce === FOK)) ||
  (type === ICEBERG && (timeInForce === AT_OPEN || timeInForce === AT_CLOSE));
const rests = (timeInForce: TimeInForce) => timeInForce === GTC || timeInForce === DAY || timeInForce === GTD;

describe('parseNewOrder', () => {
  it.each(pairs)('knows whether type %i goes with time in force %i', (type, timeInForce) => {
    expect(fieldOf(order(type, timeInForce))).toBe(goTogether(type, timeInForce) ? undefined : 'time_in_force');
  });

  it.each(pairs.filter(([type, timeInForce]) => goTogether(type, timeInForce)))(
    'holds the richer fields of type %i with time in force %i against their rules',
    (type, timeInForce) => {
      const field = (terms: OrderInit) => fieldOf(order(type, timeInForce, terms));
      const priced = type === LIMIT || type === ICEBERG;
      expect(field({ postOnly: true })).toBe(priced && rests(timeInForce) ? undefined : 'post_only');
      expect(field({ postOnly: true, slide: true })).toBe(priced && rests(timeInForce) ? undefined : 'post_only');
      expect(field({ slide: true })).toBe('slide');
      const isStop = type === STOP || type === STOP_LIMIT;
      expect(field({ stopPriceTicks: 7n })).toBe(isStop ? undefined : 'stop_price_ticks');
      expect(field({ stopPriceTicks: 0n })).toBe(isStop ? 'stop_price_ticks' : undefined);
      expect(field({ stopPriceTicks: big + 1n })).toBe('stop_price_ticks');
      expect(field({ trailTicks: 1n })).toBe(type === TRAILING_STOP ? undefined : 'trail_ticks');
      expect(field({ trailTicks: 0n, trailBps: 9_999 })).toBe(type === TRAILING_STOP ? undefined : 'trail_bps');
      expect(field({ displayLots: 10n })).toBe(type === ICEBERG ? undefined : 'display_lots');
      const takesMinimum = type === LIMIT && (rests(timeInForce) || timeInForce === IOC);
      expect(field({ minimumLots: 10n })).toBe(takesMinimum ? undefined : 'minimum_lots');
      const states = timeInForce === GTD || (type === LIMIT && (timeInForce === IOC || timeInForce === FOK));
      expect(field({ expireTimeMs: 5n })).toBe(states ? undefined : 'expire_time_ms');
      expect(field({ sessionId: 's-1' })).toBeUndefined();
      const atOnce = type === LIMIT && (timeInForce === IOC || timeInForce === FOK);
      expect(field({ withinBand: true })).toBe(atOnce ? undefined : 'within_band');
      expect(field({ valueMax: 1n })).toBe(atOnce ? undefined : 'value_max');
    },
  );

  const bad: [field: string, terms: OrderInit][] = [
    ['price_ticks', { priceTicks: 0n }],
    ['price_ticks', { priceTicks: -1n }],
    ['price_ticks', { priceTicks: big + 1n }],
    ['price_ticks', { priceTicks: 2n ** 53n }],
    ['price_ticks', { priceTicks: 2n ** 63n - 1n }],
    ['quantity_lots', { quantityLots: 0n }],
    ['quantity_lots', { quantityLots: big + 1n }],
    ['quantity_lots', { quantityLots: -(2n ** 63n) }],
    ['order_id', { orderId: 'x' }],
    ['order_id', { orderId: '018BCFE5-6800-7000-8000-000000000017' }],
    ['account_id', { accountId: '' }],
    ['account_id', { accountId: 'a'.repeat(65) }],
    ['symbol', { symbol: 'acme' }],
    ['side', { side: Side.UNSPECIFIED }],
    ['side', { side: -1 as Side }],
    ['type', { type: MARKET }],
    ['type', { type: OrderType.UNSPECIFIED }],
    ['type', { type: 7 as OrderType }],
    ['type', { type: -3 as OrderType }],
    ['time_in_force', { timeInForce: 8 as TimeInForce }],
    ['time_in_force', { timeInForce: -1 as TimeInForce }],
    ['self_trade_group', { selfTradeGroup: 'two words' }],
    ['self_trade_prevention', { selfTradePrevention: 5 as SelfTradePrevention }],
    ['self_trade_prevention', { selfTradePrevention: -1 as SelfTradePrevention }],
    ['session_id', { sessionId: 'two words' }],
    ['session_id', { sessionId: 's'.repeat(65) }],
    ['trail_ticks', order(TRAILING_STOP, GTC, { trailTicks: 0n })],
    ['trail_ticks', order(TRAILING_STOP, GTC, { trailTicks: -1n })],
    ['trail_ticks', order(TRAILING_STOP, GTC, { trailTicks: big + 1n })],
    ['trail_bps', order(TRAILING_STOP, GTC, { trailTicks: 0n, trailBps: 10_000 })],
    ['trail_bps', order(TRAILING_STOP, GTC, { trailBps: 1 })],
    ['display_lots', order(ICEBERG, GTC, { displayLots: 0n })],
    ['display_lots', order(ICEBERG, GTC, { displayLots: 11n })],
    ['display_lots', order(ICEBERG, GTC, { quantityLots: 1_001n, displayLots: 1n })],
    ['minimum_lots', { minimumLots: 11n }],
    ['minimum_lots', { minimumLots: -1n }],
    ['minimum_lots', { minimumLots: 1n, postOnly: true }],
    ['value_max', order(LIMIT, IOC, { valueMax: -1n })],
    ['value_max', order(LIMIT, IOC, { valueMax: 2n ** 53n })],
    ['value_max', order(LIMIT, IOC, { valueMax: 100n, minimumLots: 1n })],
    ['expire_time_ms', order(LIMIT, GTD, { expireTimeMs: 0n })],
    ['expire_time_ms', order(LIMIT, GTD, { expireTimeMs: 2n ** 53n })],
    ['expire_time_ms', order(LIMIT, IOC, { expireTimeMs: 2n ** 53n })],
    ['expire_time_ms', order(LIMIT, FOK, { expireTimeMs: -1n })],
  ];
  it.each(bad)('names %s as malformed', (field, terms) => {
    expect(fieldOf(newOrder('buy', terms))).toBe(field);
  });

  it('copies all fields, defaults to GTC and cancel newest, and reads the time of the id', () => {
    const init = order(LIMIT, TimeInForce.UNSPECIFIED, { orderId: uuidV7(5_000), minimumLots: 3n, sessionId: 's' });
    const parsed = parseNewOrder(create(NewOrderSchema, init));
    const command = 'command' in parsed ? parsed.command : undefined;
    const expected = { idTimeMs: 5_000, type: LIMIT, timeInForce: GTC, selfTrade: SelfTradePrevention.CANCEL_NEWEST };
    expect(command).toMatchObject({ ...expected, minimumLots: 3, sessionId: 's', priceTicks: 100, quantityLots: 10 });
    expect(fieldOf(order(ICEBERG, GTC, { quantityLots: 1_000n, displayLots: 1n }))).toBeUndefined();
  });
});

describe('parseOrderList', () => {
  const sell = (terms: OrderInit = {}) => newOrder('sell', { accountId: 'buyer', ...terms });
  const entry = (terms: OrderInit = {}) => newOrder('buy', terms);
  const stopExit = (terms: OrderInit = {}) => sell({ type: STOP, stopPriceTicks: 80n, ...terms });
  const fieldOfList = (type: ListType, orders: OrderInit[], listId = uuidV7()) =>
    parseOrderList(create(OrderListSchema, { listId, type, orders })).violation?.field;
  const { OCO, OTO, BRACKET } = ListType;

  it('takes each type with the orders that it has', () => {
    expect(fieldOfList(OCO, [sell(), stopExit()])).toBeUndefined();
    expect(fieldOfList(OTO, [entry({ timeInForce: IOC }), stopExit()])).toBeUndefined();
    const trailing = sell({ type: TRAILING_STOP, trailBps: 100, timeInForce: DAY });
    expect(fieldOfList(BRACKET, [entry({ postOnly: true }), sell(), trailing])).toBeUndefined();
    const stopEntry = entry({ type: STOP_LIMIT, stopPriceTicks: 105n });
    expect(
      fieldOfList(BRACKET, [stopEntry, sell({ type: STOP_LIMIT, stopPriceTicks: 3n }), stopExit()]),
    ).toBeUndefined();
  });

  const id = uuidV7();
  const wrongLists: [field: string, type: ListType, orders: OrderInit[]][] = [
    ['type', ListType.UNSPECIFIED, [sell(), sell()]],
    ['type', 4 as ListType, [sell(), sell()]],
    ['orders', OCO, [sell()]],
    ['orders', OTO, []],
    ['orders', OCO, [sell(), sell(), sell()]],
    ['orders', BRACKET, [entry(), sell()]],
    ['orders[1].price_ticks', OCO, [sell(), sell({ priceTicks: 0n })]],
    ['orders[1].order_id', OCO, [sell({ orderId: id }), sell({ orderId: id })]],
    ['orders[2].order_id', BRACKET, [entry(), sell({ orderId: id }), sell({ orderId: id })]],
    ['orders[1].account_id', OCO, [sell(), sell({ accountId: 'other' })]],
    ['orders[1].symbol', OTO, [entry(), sell({ symbol: 'OTHER' })]],
    ['orders[1].self_trade_group', OTO, [entry(), sell({ selfTradeGroup: 'desk' })]],
    ['orders[1].self_trade_prevention', OTO, [entry(), sell({ selfTradePrevention: 2 })]],
    ['orders[1].session_id', OTO, [entry(), sell({ sessionId: 's' })]],
    ['orders[1].side', OCO, [sell(), entry()]],
    ['orders[1].side', OTO, [entry(), entry()]],
    ['orders[2].side', BRACKET, [entry(), sell(), entry()]],
    ['orders[1].quantity_lots', OCO, [sell(), sell({ quantityLots: 9n })]],
    ['orders[1].quantity_lots', OTO, [entry(), sell({ quantityLots: 9n })]],
    ['orders[2].quantity_lots', BRACKET, [entry(), sell(), sell({ quantityLots: 9n })]],
    ['orders[0].type', OTO, [entry({ type: ICEBERG, displayLots: 1n }), sell()]],
    ['orders[0].type', BRACKET, [entry({ type: TRAILING_STOP, trailTicks: 1n }), sell(), sell()]],
    ['orders[0].time_in_force', OTO, [entry({ timeInForce: AT_OPEN }), sell()]],
    ['orders[0].time_in_force', OTO, [entry({ timeInForce: AT_CLOSE }), sell()]],
    ['orders[1].type', OTO, [entry(), sell({ type: ICEBERG, displayLots: 1n })]],
    ['orders[0].time_in_force', OCO, [sell({ timeInForce: IOC }), sell()]],
    ['orders[1].time_in_force', OCO, [sell(), sell({ timeInForce: FOK })]],
    ['orders[1].time_in_force', OTO, [entry(), sell({ timeInForce: AT_CLOSE })]],
    ['orders[0].post_only', OCO, [sell({ postOnly: true }), sell()]],
    ['orders[0].value_max', OTO, [entry({ timeInForce: IOC, valueMax: 5n }), sell()]],
    ['orders[1].minimum_lots', OTO, [entry({ minimumLots: 2n }), sell({ minimumLots: 2n })]],
  ];
  it.each(wrongLists)('names %s as malformed in a list of type %i', (field, type, orders) => {
    expect(fieldOfList(type, orders)).toBe(field);
  });

  it('names a list id that is none', () => {
    expect(fieldOfList(OCO, [sell(), sell()], 'list')).toBe('list_id');
  });
});
