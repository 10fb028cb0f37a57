/** What each kind of order may cost, against exact arithmetic of its own. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feeMaxMicros, holdMicros } from './fees.ts';
import type { Instrument } from './instrument.ts';
import type { Side } from './order.ts';
import type { OrderType } from './order-kind.ts';
import { isPricedByMarket, type PricingInput, priceOrder } from './price-order.ts';
import type { StatedSpecials } from './special-terms.ts';
import type { Terms } from './terms.ts';
import type { TradingConditions } from './trading-conditions.ts';

const gridMax = 2n ** 31n - 1n;
const acme: Instrument = {
  symbol: 'ACME',
  shard: 0,
  tickMicros: 10_000n,
  lotMicros: 1_000_000n,
  tickLotMicros: 10_000n,
  bandBps: 0,
  referencePriceTicks: 10_000n,
};
const conditions: TradingConditions = {
  accountId: 'ann',
  version: 1n,
  state: 'active',
  house: false,
  makerBps: 7,
  takerBps: 13,
  orderNotionalMaxMicros: undefined,
  openNotionalMaxMicros: undefined,
  openOrdersMax: 10,
  ordersPerSecondMax: 10,
  positionMaxMicros: undefined,
  marketOrdersPermitted: true,
};
const lastOf = (lastTicks: bigint | undefined) => ({ bidTicks: 1n, askTicks: 1n, lastTicks, halted: false });

type Given = { type: OrderType; side: Side; lots: bigint; limitTicks?: bigint; specials: StatedSpecials };

function price({ type, side, lots, limitTicks, specials }: Given, more: Partial<PricingInput> = {}) {
  const terms: Terms = {
    symbol: 'ACME',
    side,
    type,
    timeInForce: 'gtc',
    size: { kind: 'quantity', micros: lots * acme.lotMicros },
    limitPriceMicros: limitTicks && limitTicks * acme.tickMicros,
    postOnly: false,
    specials,
  };
  return priceOrder({ terms, instrument: acme, conditions, prices: undefined, collarBps: 500, ...more });
}

const side = fc.constantFrom<Side>('buy', 'sell');
const ticks = fc.bigInt({ min: 1n, max: 2_000_000n });
const lots = fc.bigInt({ min: 1n, max: 10_000n });
const collarBps = fc.integer({ min: 0, max: 5_000 });
const stop = (stopTicks: bigint): StatedSpecials => ({ stopPriceMicros: stopTicks * acme.tickMicros });

/** Whether a price is the last one on the grid that is not farther beyond another one than the collar. */
function isCollarOf(worst: bigint, from: bigint, bps: number, of: Side): boolean {
  const [worstScaled, next] = [worst * 10_000n, of === 'buy' ? worst + 1n : worst - 1n];
  const edge = of === 'buy' ? from * BigInt(10_000 + bps) : from * BigInt(10_000 - bps);
  const isInside = of === 'buy' ? worstScaled <= edge : worstScaled >= edge;
  const isLast = of === 'buy' ? next * 10_000n > edge : next * 10_000n < edge;
  return isInside && (isLast || worst === 1n);
}

describe('the worst price', () => {
  it('of a stop without one is the collar beyond its stop price', () => {
    fc.assert(
      fc.property(side, ticks, lots, collarBps, (of, stopTicks, count, bps) => {
        const order: Given = { type: 'stop', side: of, lots: count, specials: stop(stopTicks) };
        const priced = price(order, { collarBps: bps });
        expect(isCollarOf(priced.priceTicks, stopTicks, bps, of)).toBe(true);
        expect(priced.specials?.stopTicks).toBe(stopTicks);
      }),
    );
  });

  it('of a trailing stop without one is the collar beyond where its stop price begins', () => {
    const trail: fc.Arbitrary<StatedSpecials> = fc.oneof(
      ticks.map((count) => ({ trailMicros: count * acme.tickMicros })),
      fc.integer({ min: 1, max: 9_999 }).map((trailBps) => ({ trailBps })),
    );
    fc.assert(
      fc.property(side, fc.option(ticks, { nil: undefined }), trail, collarBps, (of, last, specials, bps) => {
        const order: Given = { type: 'trailing-stop', side: of, lots: 1n, specials };
        const { priceTicks } = price(order, { collarBps: bps, prices: lastOf(last) });
        const from = last ?? acme.referencePriceTicks;
        const shift =
          specials.trailMicros === undefined
            ? from * BigInt(specials.trailBps ?? 0)
            : (specials.trailMicros / acme.tickMicros) * 10_000n;
        // In ten thousandths of a tick, and from there to the tick that is farther from the market.
        const first = of === 'buy' ? (from * 10_000n + shift + 9_999n) / 10_000n : (from * 10_000n - shift) / 10_000n;
        const begins = first < 0n ? 0n : first;
        expect(begins === 0n ? priceTicks === 1n : isCollarOf(priceTicks, begins, bps, of)).toBe(true);
      }),
    );
  });

  it('is the stated one where there is one', () => {
    for (const type of ['stop', 'stop-limit', 'trailing-stop', 'iceberg', 'limit'] as const) {
      const order: Given = { type, side: 'buy', lots: 5n, limitTicks: 77n, specials: {} };
      expect(price(order).priceTicks).toBe(77n);
    }
  });

  it('stays on the grid of the book', () => {
    const order: Given = { type: 'stop', side: 'buy', lots: 1n, specials: stop(gridMax) };
    expect(price(order).priceTicks).toBe(gridMax);
    expect(price({ ...order, side: 'sell', specials: stop(1n) }).priceTicks).toBe(1n);
  });

  it('needs the market for market orders and for trailing stops that state none', () => {
    const terms = { type: 'trailing-stop', limitPriceMicros: undefined } as Terms;
    expect(isPricedByMarket(terms)).toBe(true);
    expect(isPricedByMarket({ ...terms, limitPriceMicros: 1n })).toBe(false);
    expect(isPricedByMarket({ ...terms, type: 'stop' })).toBe(false);
    const order: Given = { type: 'trailing-stop', side: 'buy', lots: 1n, specials: { trailBps: 100 } };
    const unlisted = { ...acme, referencePriceTicks: 0n };
    const refusal = price(order, { instrument: unlisted, prices: lastOf(undefined) }).refusal;
    expect(refusal?.reason).toBe('NO_REFERENCE_PRICE');
  });
});

describe('what an order holds', () => {
  it('is its quantity at the worst price and the greatest fee for a buy, and no cash for a sell', () => {
    const kind = fc.constantFrom<OrderType>('limit', 'stop', 'stop-limit', 'trailing-stop', 'iceberg');
    fc.assert(
      fc.property(kind, side, ticks, ticks, lots, (type, of, limitTicks, stopTicks, count) => {
        const specials = type.startsWith('stop') ? stop(stopTicks) : {};
        const priced = price({ type, side: of, lots: count, limitTicks, specials });
        const valueMicros = count * limitTicks * acme.tickLotMicros;
        expect(priced).toMatchObject({ notionalMicros: valueMicros, quantityLots: count, refusal: undefined });
        const feeTerms = { ...conditions, tickLotMicros: acme.tickLotMicros };
        // 13 of 10,000, up to the next cent.
        const cents = (valueMicros * 13n + 10_000n * 10_000n - 1n) / (10_000n * 10_000n);
        const fee = cents * 10_000n;
        const cost = of === 'buy' ? valueMicros + fee : 0n;
        expect(holdMicros(feeTerms, of, priced.notionalMicros)).toBe(cost);
        expect(feeMaxMicros(feeTerms, of, priced.notionalMicros)).toBe(
          of === 'sell' && fee > valueMicros ? valueMicros : fee,
        );
      }),
    );
  });

  it('is refused where it is more than any book takes: as terms, or where the market has priced it as a refusal', () => {
    const huge = { side: 'buy', lots: 2_000_000_000n } as const;
    const tooLarge = expect.objectContaining({ name: 'TermsError', field: 'terms.quantity' });
    expect(() => price({ ...huge, type: 'stop', specials: stop(2_000_000n) })).toThrow(tooLarge);
    const trailing: Given = { ...huge, type: 'trailing-stop', specials: { trailBps: 1 } };
    expect(price(trailing, { prices: lastOf(2_000_000n) }).refusal?.reason).toBe('ORDER_TOO_LARGE');
  });

  it('is refused to accounts without market orders where a stop becomes one', () => {
    const careful = { ...conditions, marketOrdersPermitted: false };
    const refusalOf = (type: OrderType) =>
      price({ type, side: 'sell', lots: 1n, limitTicks: 5n, specials: stop(6n) }, { conditions: careful }).refusal
        ?.reason;
    expect(['stop', 'trailing-stop', 'stop-limit'].map((type) => refusalOf(type as OrderType))).toEqual([
      'TRADING_NOT_PERMITTED',
      'TRADING_NOT_PERMITTED',
      undefined,
    ]);
  });
});

describe('quantities within the quantity', () => {
  const shown = (displayLots: bigint, count: bigint) => () =>
    price({
      type: 'iceberg',
      side: 'buy',
      lots: count,
      limitTicks: 5n,
      specials: { displayMicros: displayLots * acme.lotMicros },
    });
  const least = (minimumLots: bigint) => () =>
    price({
      type: 'limit',
      side: 'buy',
      lots: 10n,
      limitTicks: 5n,
      specials: { minimumMicros: minimumLots * acme.lotMicros },
    });

  it('are at most the quantity, and shown at least a thousandth of it', () => {
    expect(shown(10n, 10n)().specials?.displayLots).toBe(10n);
    expect(shown(2n, 1_001n)().specials?.displayLots).toBe(2n);
    const field = (name: string) => expect.objectContaining({ name: 'TermsError', field: name });
    expect(shown(11n, 10n)).toThrow(field('terms.display_quantity'));
    expect(shown(1n, 1_001n)).toThrow(field('terms.display_quantity'));
    expect(least(10n)().specials?.minimumLots).toBe(10n);
    expect(least(11n)).toThrow(field('terms.minimum_quantity'));
  });

  it('and prices are on the grid, or named', () => {
    const order: Given = { type: 'stop', side: 'buy', lots: 1n, specials: { stopPriceMicros: 15_000n } };
    expect(() => price(order)).toThrow(
      expect.objectContaining({ field: 'terms.stop_price', reason: 'PRICE_NOT_ON_TICK' }),
    );
    const trailing: Given = { ...order, type: 'trailing-stop', specials: { trailMicros: 15_000n } };
    expect(() => price(trailing, { prices: lastOf(5n) })).toThrow(
      expect.objectContaining({ field: 'terms.trail_amount', reason: 'PRICE_NOT_ON_TICK' }),
    );
    const iceberg: Given = { ...order, type: 'iceberg', limitTicks: 5n, specials: { displayMicros: 1n } };
    expect(() => price(iceberg)).toThrow(
      expect.objectContaining({ field: 'terms.display_quantity', reason: 'QUANTITY_NOT_ON_LOT' }),
    );
  });
});
