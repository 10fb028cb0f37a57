import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cumulativeFeeMicros, greatestFeeMicros, valueForAmount } from './fees.ts';

const bps = fc.integer({ min: 0, max: 1_000 });
// From parts of a cent up to many cents.
const worth = fc.oneof(fc.constantFrom(1n, 100n, 9_999n, 10_000n, 15_000n), fc.bigInt({ min: 1n, max: 10n ** 9n }));
const plans = fc.record({ makerBps: bps, takerBps: bps, tickLotMicros: worth });
const sides = fc.constantFrom('buy' as const, 'sell' as const);
const micros = fc.bigInt({ min: 0n, max: 10n ** 12n });
const fills = fc.record({ makerValueMicros: micros, takerValueMicros: micros });

describe('cumulativeFeeMicros', () => {
  it('is rounded up once over all fills, not at each of them', () => {
    const plan = { makerBps: 10, takerBps: 20, tickLotMicros: 10_000n };
    expect(cumulativeFeeMicros(plan, 'buy', { makerValueMicros: 0n, takerValueMicros: 0n })).toBe(0n);
    expect(cumulativeFeeMicros(plan, 'buy', { makerValueMicros: 10_000n, takerValueMicros: 0n })).toBe(10_000n);
    expect(cumulativeFeeMicros(plan, 'buy', { makerValueMicros: 10_000_000n, takerValueMicros: 5_000_000n })).toBe(
      20_000n,
    );
    expect(cumulativeFeeMicros(plan, 'buy', { makerValueMicros: 10_010_000n, takerValueMicros: 5_000_000n })).toBe(
      30_000n,
    );
  });

  it('is rounded to a cent where a tick of a lot is worth one, and to what it is worth where that is less', () => {
    const filled = { makerValueMicros: 0n, takerValueMicros: 49_976_836n };
    const fee = (tickLotMicros: bigint) =>
      cumulativeFeeMicros({ makerBps: 2, takerBps: 5, tickLotMicros }, 'buy', filled);
    // 5 bps of it are 24,988.418 micros.
    expect([1n, 100n, 9_000n, 10_000n, 50_000n].map(fee)).toEqual([24_989n, 25_000n, 27_000n, 30_000n, 30_000n]);
  });

  it('charges for each further fill between nothing and its value', () => {
    const tickLots = fc.bigInt({ min: 1n, max: 10n ** 9n });
    fc.assert(
      fc.property(plans, sides, fills, tickLots, fc.boolean(), (plan, side, before, times, asMaker) => {
        const value = times * plan.tickLotMicros;
        const after = {
          makerValueMicros: before.makerValueMicros + (asMaker ? value : 0n),
          takerValueMicros: before.takerValueMicros + (asMaker ? 0n : value),
        };
        const charged = cumulativeFeeMicros(plan, side, after) - cumulativeFeeMicros(plan, side, before);
        expect(charged >= 0n && charged <= value).toBe(true);
      }),
    );
  });

  it('never takes more from a seller than the sale brought in', () => {
    fc.assert(
      fc.property(plans, fills, (plan, filled) => {
        const fee = cumulativeFeeMicros(plan, 'sell', filled);
        expect(fee <= filled.makerValueMicros + filled.takerValueMicros).toBe(true);
      }),
    );
  });
});

describe('greatestFeeMicros', () => {
  it('is reached by no continuation of the order but the dearest', () => {
    fc.assert(
      fc.property(plans, sides, fills, micros, micros, (plan, side, filled, makerMore, takerMore) => {
        const most = greatestFeeMicros(plan, side, filled, makerMore + takerMore);
        const actual = cumulativeFeeMicros(plan, side, {
          makerValueMicros: filled.makerValueMicros + makerMore,
          takerValueMicros: filled.takerValueMicros + takerMore,
        });
        expect(actual <= most).toBe(true);
      }),
    );
  });
});

describe('valueForAmount', () => {
  it('is the greatest number of ticks of a lot whose value and greatest fee are within the amount', () => {
    const nothing = { makerValueMicros: 0n, takerValueMicros: 0n };
    fc.assert(
      fc.property(plans, fc.bigInt({ min: 1n, max: 10n ** 15n }), fills, (plan, amountMicros, shares) => {
        const value = valueForAmount(plan, amountMicros);
        const costOf = (units: bigint) => {
          const micros = units * plan.tickLotMicros;
          return micros + greatestFeeMicros(plan, 'buy', nothing, micros);
        };
        expect(costOf(value) <= amountMicros && costOf(value + 1n) > amountMicros).toBe(true);
        // However it trades up to that, in whichever roles: it never costs more.
        const spent = (value * (shares.makerValueMicros + 1n)) / (10n ** 12n + 1n);
        const maker = (spent * shares.takerValueMicros) / 10n ** 12n;
        const filled = { makerValueMicros: maker, takerValueMicros: spent - maker };
        const micros = {
          makerValueMicros: filled.makerValueMicros * plan.tickLotMicros,
          takerValueMicros: filled.takerValueMicros * plan.tickLotMicros,
        };
        expect(spent * plan.tickLotMicros + cumulativeFeeMicros(plan, 'buy', micros) <= amountMicros).toBe(true);
      }),
    );
  });
});
