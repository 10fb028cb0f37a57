import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestClient } from '../support/clients.ts';
import { type Investor, limitTerms, orderOnce, placeOrder, registerInvestor } from '../support/investor.ts';
import { issueShares, logInAdmin, openBook, setConditions } from '../support/market.ts';
import { refusalOf } from '../support/refusal.ts';

const shared = inject('sharedSystem');
const client = createTestClient('connect', shared.gatewayUrl);
/** A book whose best prices never change, one of few shares, and a halted one. */
const books = { deep: '', thin: '', halted: '' };
const people = new Map<string, Investor>();
let maker: Investor;

type Refused = { reason: string; metadata: Record<string, string> } | undefined;

async function previewed(investor: Investor, terms: JsonObject): Promise<Refused> {
  const { refusal } = await investor.call('OrderService/PreviewOrder', { terms });
  const { reason, metadata = {} } = (refusal ?? {}) as Partial<NonNullable<Refused>>;
  return reason === undefined ? undefined : { reason: reason.replace('ERROR_REASON_', ''), metadata };
}

/** Places the order; afterwards nothing of it is open and nothing is held for it any more. */
async function placed(investor: Investor, terms: JsonObject): Promise<Refused> {
  const call = investor.call('OrderService/PlaceOrder', { clientOrderId: randomUUID(), terms });
  const { order, reason, metadata } = (await call.catch((error) => asRefused(Promise.reject(error)))) as {
    order?: { orderId: string };
  } & NonNullable<Refused>;
  if (order !== undefined) {
    await investor.call('OrderService/CancelAllOrders');
    await orderOnce(investor, order.orderId, 'FILLED', 'CANCELLED');
  }
  // Also of an order that the book refused: its hold is released after the answer.
  await eventually(async () => expect((await investor.call('LedgerService/ListHolds')).holds ?? []).toEqual([]));
  if (order !== undefined) return undefined;
  const { order_id, ...numbers } = metadata;
  return { reason, metadata: numbers };
}

async function asRefused(call: Promise<unknown>): Promise<NonNullable<Refused>> {
  const { reason, metadata } = await refusalOf(call);
  return { reason, metadata };
}

beforeAll(async () => {
  const admin = await logInAdmin(client, shared);
  [books.deep, books.thin, books.halted] = [await openBook(admin), await openBook(admin), await openBook(admin)];
  maker = await registerInvestor(client, '500000000.00');
  for (const symbol of [books.deep, books.thin]) await issueShares(admin, maker, symbol, '1000000');
  await setConditions(admin, maker, { orderNotionalMax: '', openNotionalMax: '' });
  await eventually(() => placeOrder(maker, limitTerms('SELL', books.deep, '500000', '101.00')));
  await placeOrder(maker, limitTerms('BUY', books.deep, '500000', '99.00'));
  await admin.call('MarketAdminService/HaltInstrument', { idempotencyKey: randomUUID(), symbol: books.halted });
  const kinds: Record<string, { cash?: string; conditions?: JsonObject; state?: string }> = {
    rich: {},
    poor: { cash: '300.00' },
    bounded: { conditions: { positionQuantityMax: '25' } },
    forbidden: { conditions: { positionQuantityMax: '0' } },
    small: { conditions: { orderNotionalMax: '400', openNotionalMax: '300' } },
    careful: { conditions: { marketOrdersPermitted: false } },
    frozen: { state: 'ACCOUNT_STATE_FROZEN' },
  };
  for (const [name, { cash = '100000.00', conditions, state }] of Object.entries(kinds)) {
    const investor = await registerInvestor(client, cash);
    people.set(name, investor);
    for (const symbol of Object.values(books)) await issueShares(admin, investor, symbol, '20');
    // The test asks faster than people may: a limit that depends on the time is not part of the property.
    await setConditions(admin, investor, { ordersPerSecondMax: 10_000, ...conditions });
    const { accountId: userId } = investor;
    if (state) await admin.call('UserAdminService/SetAccountState', { userId, state, note: 'test' });
  }
  await eventually(async () => {
    const terms = { symbol: books.deep, side: 'SIDE_BUY', type: 'ORDER_TYPE_MARKET', quantity: '1' };
    for (const [name, reason, quantity] of [
      ['frozen', 'ACCOUNT_FROZEN', '1'],
      ['careful', 'TRADING_NOT_PERMITTED', '1'],
      ['forbidden', 'POSITION_LIMIT_EXCEEDED', '1'],
      ['bounded', 'POSITION_LIMIT_EXCEEDED', '21'],
      ['small', 'ORDER_NOTIONAL_OVER_LIMIT', '21'],
    ] as const) {
      const refused = await previewed(people.get(name) as Investor, { ...terms, quantity });
      expect({ name, reason: refused?.reason }).toEqual({ name, reason });
    }
    const { limitPrice } = await maker.call('OrderService/PreviewOrder', { terms });
    expect(limitPrice).toBe('106.05');
  });
});

const side = fc.constantFrom('SIDE_BUY', 'SIDE_SELL');
const quantity = fc.constantFrom('1', '3', '7', '20', '21', '60', '600000').map(String);
const limitOrder = fc.record({
  symbol: fc.constantFrom<keyof typeof books>('deep', 'thin', 'thin', 'halted'),
  side,
  quantity,
  limitPrice: fc.constantFrom('90.00', '98.99', '99.00', '100.00', '101.00', '110.00', '125.00', '79.00'),
  way: fc.constantFrom<JsonObject>(
    { timeInForce: 'TIME_IN_FORCE_GTC' },
    { postOnly: true },
    { timeInForce: 'TIME_IN_FORCE_IOC' },
    { timeInForce: 'TIME_IN_FORCE_FOK' },
  ),
});
const marketOrder = fc.record({
  symbol: fc.constantFrom<keyof typeof books>('deep', 'deep', 'halted'),
  side,
  quantity,
});
const amountOrder = fc.record({
  symbol: fc.constantFrom<keyof typeof books>('deep', 'deep', 'halted'),
  side: fc.constant('SIDE_BUY'),
  amount: fc.constantFrom('5.00', '101.05', '101.06', '300.00', '3000.00', '60000000.00'),
  timeInForce: fc.constantFrom('TIME_IN_FORCE_IOC', 'TIME_IN_FORCE_FOK'),
});
const price = fc.constantFrom('79.00', '98.00', '99.00', '100.00', '101.00', '103.00', '125.00');
const timeInForce = fc.constantFrom('GTC', 'DAY', 'GTD').map((word): JsonObject => {
  const expireTime: JsonObject = word === 'GTD' ? { expireTime: '2031-01-01T00:00:00Z' } : {};
  return { timeInForce: `TIME_IN_FORCE_${word}`, ...expireTime };
});
/** Every other kind of order. Trailing stops state their worst price: else it follows from a last trade, which the market knows a moment later. */
const kind = fc.oneof(
  fc.record({ type: fc.constant('ORDER_TYPE_STOP'), stopPrice: price }),
  fc.record({ type: fc.constant('ORDER_TYPE_STOP_LIMIT'), stopPrice: price, limitPrice: price }),
  fc.record({
    type: fc.constant('ORDER_TYPE_TRAILING_STOP'),
    limitPrice: price,
    trailAmount: fc.constantFrom('0.50', '2.00'),
  }),
  fc.record({
    type: fc.constant('ORDER_TYPE_TRAILING_STOP'),
    limitPrice: price,
    trailPercent: fc.constantFrom('0.5', '20'),
  }),
  fc.record({ type: fc.constant('ORDER_TYPE_ICEBERG'), limitPrice: price, displayQuantity: fc.constant('1') }),
  fc.record({ type: fc.constant('ORDER_TYPE_LIMIT'), limitPrice: price, minimumQuantity: fc.constant('1') }),
  fc.record({
    type: fc.constant('ORDER_TYPE_LIMIT'),
    limitPrice: price,
    postOnly: fc.boolean(),
    slide: fc.constant(false),
  }),
);
const expired = { timeInForce: 'TIME_IN_FORCE_GTD', expireTime: '2021-01-01T00:00:00Z' };
const specialOrder = fc
  .record({
    symbol: fc.constantFrom<keyof typeof books>('deep', 'thin', 'thin', 'halted'),
    side,
    quantity: fc.constantFrom('1', '3', '20', '21', '60'),
    kind,
    life: fc.oneof({ weight: 5, arbitrary: timeInForce }, { weight: 1, arbitrary: fc.constant<JsonObject>(expired) }),
  })
  .map(({ kind: own, life, ...order }) => ({ ...order, ...life, ...own }));
const terms = fc.oneof(
  { weight: 3, arbitrary: specialOrder },
  { weight: 3, arbitrary: limitOrder.map(({ way, ...order }) => ({ ...order, ...way, type: 'ORDER_TYPE_LIMIT' })) },
  { weight: 1, arbitrary: marketOrder.map((order) => ({ ...order, type: 'ORDER_TYPE_MARKET' })) },
  { weight: 1, arbitrary: amountOrder.map((order) => ({ ...order, type: 'ORDER_TYPE_MARKET' })) },
);
const person = fc.constantFrom('rich', 'poor', 'bounded', 'forbidden', 'small', 'careful', 'frozen', 'rich', 'poor');
/** What the maker does to the thin book before. */
const change = fc.constantFrom(undefined, undefined, ['SELL', '101.00'] as const, ['BUY', '99.00'] as const);

describe('PreviewOrder', () => {
  it('names the refusal that PlaceOrder has at the same state, with its numbers, and none where it has none', async () => {
    const found = new Set<string>();
    const property = fc.asyncProperty(person, terms, change, async (name, { symbol, ...rest }, made) => {
      const investor = people.get(name) as Investor;
      if (made) await placeOrder(maker, limitTerms(made[0], books.thin, '4', made[1]));
      const order: JsonObject = { ...rest, symbol: books[symbol] };
      const preview = await previewed(investor, order);
      const actual = await placed(investor, order);
      expect({ name, order, refusal: preview }).toEqual({ name, order, refusal: actual });
      found.add(actual?.reason ?? 'none');
    });
    await fc.assert(property, { numRuns: 200, endOnFailure: true });
    expect(found.size).toBeGreaterThan(9);
  }, 240_000);

  it.each([
    ['cash short, limit', 'poor', { side: 'SIDE_BUY', quantity: '900', limitPrice: '98.00' }, 'CASH_INSUFFICIENT'],
    ['cash short, market', 'poor', { side: 'SIDE_BUY', quantity: '900' }, 'CASH_INSUFFICIENT'],
    ['shares short', 'rich', { side: 'SIDE_SELL', quantity: '900', limitPrice: '102.00' }, 'SHARES_INSUFFICIENT'],
    ['outside the band', 'rich', { side: 'SIDE_BUY', quantity: '1', limitPrice: '150.00' }, 'PRICE_OUT_OF_BAND'],
    [
      'post-only that crosses',
      'rich',
      { side: 'SIDE_BUY', quantity: '1', limitPrice: '101.00', postOnly: true },
      'POST_ONLY_WOULD_TRADE',
    ],
    [
      'fill-or-kill that is too large',
      'rich',
      { side: 'SIDE_BUY', quantity: '10', limitPrice: '100.00', timeInForce: 'TIME_IN_FORCE_FOK' },
      'FILL_OR_KILL_UNFILLED',
    ],
    ['position limit', 'bounded', { side: 'SIDE_BUY', quantity: '60', limitPrice: '90.00' }, 'POSITION_LIMIT_EXCEEDED'],
  ])('%s', async (_, name, order, reason) => {
    const investor = people.get(name) as Investor;
    const type = 'limitPrice' in order ? 'ORDER_TYPE_LIMIT' : 'ORDER_TYPE_MARKET';
    const given = { ...order, type, symbol: books.deep };
    expect((await previewed(investor, given))?.reason).toBe(reason);
    expect((await placed(investor, given))?.reason).toBe(reason);
  });

  it.each(['ORDER_TYPE_LIMIT', 'ORDER_TYPE_MARKET'])('a halted instrument, %s', async (type) => {
    const limitPrice = type === 'ORDER_TYPE_LIMIT' ? '99.00' : '';
    const given = { symbol: books.halted, side: 'SIDE_BUY', type, quantity: '1', limitPrice };
    expect((await previewed(people.get('rich') as Investor, given))?.reason).toBe('INSTRUMENT_HALTED');
  });
});
