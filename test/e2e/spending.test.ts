/** What a market order takes of the price band, and what an amount buys, to the last millionth. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { parseDecimal } from '#platform/money/decimal.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestClient } from '../support/clients.ts';
import {
  amountTerms,
  balancesOf,
  type Investor,
  limitTerms,
  marketTerms,
  type OrderJson,
  orderOnce,
  placeOrder,
  registerInvestor,
} from '../support/investor.ts';
import { audit } from '../support/investors-day.ts';
import { issueShares, logInAdmin, openBook, setConditions } from '../support/market.ts';
import { refusalOf } from '../support/refusal.ts';

const shared = inject('sharedSystem');
const client = createTestClient('connect', shared.gatewayUrl);
const micros = (text: string | undefined) => parseDecimal(text || '0', 6);
const freely: JsonObject = { ordersPerSecondMax: 1_000, openNotionalMax: '', orderNotionalMax: '' };
/** Of what people pay by default. */
const takerBps = 5n;
let admin: Investor;
let maker: Investor;

beforeAll(async () => {
  admin = await logInAdmin(client, shared);
  maker = await registerInvestor(client, '100000000.00');
  await setConditions(admin, maker, freely);
}, 60_000);

/** A book with lots of 0.01, which the maker can sell into. */
async function openFractions(changes: JsonObject = {}): Promise<string> {
  const symbol = await openBook(admin, { lotSize: '0.01', ...changes });
  await issueShares(admin, maker, symbol, '1000');
  return symbol;
}

/** Offers shares, and waits until the order service has a price of them: its copy of prices is a little behind the books. */
async function offer(symbol: string, quantity: string, price: string): Promise<void> {
  await placeOrder(maker, limitTerms('SELL', symbol, quantity, price));
  await eventually(async () => {
    const preview = await maker.call('OrderService/PreviewOrder', { terms: amountTerms(symbol, '1000.00') });
    expect((preview.refusal as { reason?: string } | undefined)?.reason).not.toBe('ERROR_REASON_NO_REFERENCE_PRICE');
  });
}

/** Previews and places an order by amount, which holds the amount in between, and nothing at its end. */
async function spend(buyer: Investor, terms: JsonObject): Promise<{ order: OrderJson; spentMicros: bigint }> {
  const before = await balancesOf(buyer);
  const preview = await buyer.call('OrderService/PreviewOrder', { terms });
  expect(preview).toMatchObject({ holdCash: terms.amount });
  expect(preview.refusal).toBeUndefined();
  const { orderId } = await placeOrder(buyer, terms);
  const order = await orderOnce(buyer, orderId, 'FILLED', 'CANCELLED');
  await eventually(async () => expect((await balancesOf(buyer)).cash?.held).toBe('0.00'));
  const spentMicros = micros(before.cash?.total) - micros((await balancesOf(buyer)).cash?.total);
  return { order, spentMicros };
}

describe('a buy by amount', () => {
  it('buys all that the amount pays for, fee included', async () => {
    const symbol = await openFractions({ tickSize: '1.00' });
    await offer(symbol, '100', '100.00');
    const buyer = await registerInvestor(client, '500.00');
    const terms = amountTerms(symbol, '500.00');
    expect(await buyer.call('OrderService/PreviewOrder', { terms })).toMatchObject({ quantity: '4.99' });
    const { order, spentMicros } = await spend(buyer, terms);
    expect(order).toMatchObject({ status: 'ORDER_STATUS_FILLED', amount: '500.00', quantity: '4.99' });
    expect(order).toMatchObject({ filledQuantity: '4.99', averageFillPrice: '100.00', fees: '0.25' });
    expect(spentMicros).toBe(499_250_000n);
    expect((await balancesOf(buyer)).sharesOf(symbol)?.total).toBe('4.99');
  });

  it('buys price by price, until a price buys no further lot', async () => {
    const symbol = await openFractions();
    for (const [quantity, price] of [
      ['1', '100.00'],
      ['2', '101.00'],
      ['10', '103.00'],
    ]) {
      await offer(symbol, String(quantity), String(price));
    }
    const { order, spentMicros } = await spend(await registerInvestor(client), amountTerms(symbol, '500.00'));
    // 500.00 less a fee of 0.2499 are 499.7501: 100.00 and 202.00, and of the other 197.7501 there are 191 lots at 1.03.
    expect(order).toMatchObject({ status: 'ORDER_STATUS_FILLED', filledQuantity: '4.91', fees: '0.2494' });
    expect(spentMicros).toBe(498_979_400n);
  });

  it('ends without liquidity where the book has less, and frees the rest', async () => {
    const symbol = await openFractions();
    await offer(symbol, '1', '100.00');
    const { order, spentMicros } = await spend(await registerInvestor(client), amountTerms(symbol, '500.00'));
    expect(order).toMatchObject({ status: 'ORDER_STATUS_CANCELLED', filledQuantity: '1' });
    expect(order.cancelReason).toBe('ORDER_CANCEL_REASON_NO_LIQUIDITY');
    expect(spentMicros).toBe(100_050_000n);
  });

  it('spends the amount or nothing as FOK', async () => {
    const symbol = await openFractions();
    const buyer = await registerInvestor(client);
    const terms: JsonObject = { ...amountTerms(symbol, '500.00'), timeInForce: 'TIME_IN_FORCE_FOK' };
    const place = () => buyer.call('OrderService/PlaceOrder', { clientOrderId: randomUUID(), terms });
    await offer(symbol, '4.98', '100.00');
    expect((await refusalOf(place())).reason).toBe('FILL_OR_KILL_UNFILLED');
    await offer(symbol, '0.01', '100.00');
    const { order } = await spend(buyer, terms);
    expect(order).toMatchObject({ status: 'ORDER_STATUS_FILLED', filledQuantity: '4.99' });
  });

  it('needs exactly the amount, and an amount that buys a lot', async () => {
    const symbol = await openFractions();
    await offer(symbol, '10', '100.00');
    const buyer = await registerInvestor(client, '500.00');
    const reasonOf = async (amount: string) => {
      const terms = amountTerms(symbol, amount);
      const { refusal } = await buyer.call('OrderService/PreviewOrder', { terms });
      const placed = await refusalOf(buyer.call('OrderService/PlaceOrder', { clientOrderId: randomUUID(), terms }));
      expect((refusal as { reason?: string }).reason).toBe(`ERROR_REASON_${placed.reason}`);
      return placed.reason;
    };
    expect(await reasonOf('500.01')).toBe('CASH_INSUFFICIENT');
    expect(await reasonOf('1.00')).toBe('AMOUNT_BELOW_LOT');
    const { order } = await spend(buyer, amountTerms(symbol, '1.01'));
    expect(order).toMatchObject({ filledQuantity: '0.01', fees: '0.0005' });
  });

  it('never costs more than the amount, and leaves less than the next lot costs', async () => {
    const symbol = await openFractions();
    const buyer = await registerInvestor(client, '1000000.00');
    await setConditions(admin, buyer, freely);
    const property = fc.asyncProperty(offers, fc.integer({ min: 200, max: 90_000 }), async (made, cents) => {
      for (const { price, lots } of made) await offer(symbol, (lots / 100).toFixed(2), price);
      await eventually(async () => {
        const preview = await buyer.call('OrderService/PreviewOrder', { terms: marketTerms('BUY', symbol, '0.01') });
        expect(preview.limitPrice).toBe(collarOf(made.map(({ price }) => price)));
      });
      const amount = (cents / 100).toFixed(2);
      await expectSpent(await spend(buyer, amountTerms(symbol, amount)), { symbol, buyer, amount });
      await maker.call('OrderService/CancelAllOrders', { symbol });
      await eventually(async () => expect(await openOffers(symbol)).toEqual([]));
    });
    await fc.assert(property, { numRuns: 25, endOnFailure: true });
  }, 120_000);
});

const offers = fc.array(
  fc.record({
    price: fc.constantFrom('98.17', '100.00', '101.01', '103.33', '104.99'),
    lots: fc.integer({ min: 1, max: 400 }),
  }),
  { minLength: 1, maxLength: 4 },
);

/** Five in a hundred beyond the lowest price, down to the tick. */
function collarOf(prices: readonly string[]): string {
  const cents = Math.min(...prices.map((price) => Math.round(Number(price) * 100)));
  return (Math.floor((cents * 105) / 100) / 100).toFixed(2);
}

/** The prices of the maker's open offers in micros, lowest first. */
async function openOffers(symbol: string): Promise<bigint[]> {
  const { orders = [] } = (await maker.call('OrderService/ListOrders', { openOnly: true, symbol })) as {
    orders?: { limitPrice: string }[];
  };
  return orders.map(({ limitPrice }) => micros(limitPrice)).sort((one, other) => Number(one - other));
}

type Spent = Awaited<ReturnType<typeof spend>>;

/** All that was within the limit is sold, or one more lot would have cost more than the amount. */
async function expectSpent({ order, spentMicros }: Spent, given: { symbol: string; buyer: Investor; amount: string }) {
  const { symbol, buyer, amount } = given;
  expect(spentMicros).toBeLessThanOrEqual(micros(amount));
  const limit = micros(order.limitPrice);
  const left = await eventually(async () => {
    const filled = micros(order.filledQuantity);
    const { fills = [] } = (await buyer.call('OrderService/ListFills', { orderId: order.orderId })) as {
      fills?: { quantity: string; price: string }[];
    };
    expect(fills.reduce((sum, { quantity }) => sum + micros(quantity), 0n)).toBe(filled);
    const last = fills.map(({ price }) => micros(price)).sort((one, other) => Number(other - one))[0] ?? 0n;
    return { prices: (await openOffers(symbol)).filter((price) => price <= limit), last };
  });
  if (order.status === 'ORDER_STATUS_CANCELLED') return expect(left.prices).toEqual([]);
  const nextLot = (left.prices[0] ?? left.last) / 100n;
  expect(costOf(spentMicros - micros(order.fees) + nextLot)).toBeGreaterThan(micros(amount));
}

/** A value with its fee, which is rounded up to what a tick of a lot is worth: 0.0001. */
function costOf(valueMicros: bigint): bigint {
  const unit = 100n * 10_000n;
  return valueMicros + ((valueMicros * takerBps + unit - 1n) / unit) * 100n;
}

describe('a market order', () => {
  it.each([
    ['BUY', 'SELL', '104.80', '105.00'],
    ['SELL', 'BUY', '95.20', '95.00'],
  ] as const)('takes what lies in the outer tenth of the band: %s', async (side, other, price, edge) => {
    const symbol = await openBook(admin, { bandBps: 500 });
    const taker = await registerInvestor(client);
    for (const person of [maker, taker]) await issueShares(admin, person, symbol, '10');
    await placeOrder(maker, limitTerms(other, symbol, '1', price));
    const terms = marketTerms(side, symbol, '1');
    const preview = () => taker.call('OrderService/PreviewOrder', { terms });
    await eventually(async () => expect(await preview()).toMatchObject({ limitPrice: edge }));
    const { orderId } = await placeOrder(taker, terms);
    expect(await orderOnce(taker, orderId, 'FILLED')).toMatchObject({ averageFillPrice: price });
  });
});

it('leaves books that the audit finds clean', async () => {
  await audit(client, shared.admin);
}, 120_000);
