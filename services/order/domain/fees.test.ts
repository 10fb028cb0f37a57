import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cumulativeFeeMicros } from '#platform/money/fees.ts';
import { feeMaxMicros, holdMicros, lotsForAmount } from './fees.ts';
import type { Side } from './order.ts';

const plan = fc.record({
  makerBps: fc.integer({ min: 0, max: 1_000 }),
  takerBps: fc.integer({ min: 0, max: 1_000 }),
  tickLotMicros: fc.oneof(fc.constantFrom(1n, 100n, 10_000n), fc.bigInt({ min: 1n, max: 10n ** 7n })),
});
const side = fc.constantFrom<Side>('buy', 'sell');
const micros = (max: bigint) => fc.bigInt({ min: 0n, max });

describe('holdMicros', () => {
  it('covers the value and the fee, whatever the fills', () => {
    const fills = fc.array(fc.record({ value: micros(1_000_000n), maker: fc.boolean() }), { maxLength: 20 });
    fc.assert(
      fc.property(plan, side, fills, (rates, way, parts) => {
        const filled = { makerValueMicros: 0n, takerValueMicros: 0n };
        for (const { value, maker } of parts) filled[maker ? 'makerValueMicros' : 'takerValueMicros'] += value;
        const fee = cumulativeFeeMicros(rates, way, filled);
        const total = filled.makerValueMicros + filled.takerValueMicros;
        expect(fee <= feeMaxMicros(rates, way, total)).toBe(true);
        if (way === 'buy') expect(total + fee <= holdMicros(rates, way, total)).toBe(true);
      }),
    );
  });
});

describe('lotsForAmount', () => {
  it('is the most that the amount pays for, fee included', () => {
    const amounts = fc.bigInt({ min: 1n, max: 10n ** 12n });
    const ticks = fc.bigInt({ min: 1n, max: 10n ** 6n });
    fc.assert(
      fc.property(plan, amounts, ticks, (rates, amount, priceTicks) => {
        const lot = priceTicks * rates.tickLotMicros;
        const lots = lotsForAmount(rates, amount, lot);
        expect(holdMicros(rates, 'buy', lots * lot) <= amount).toBe(true);
        expect(holdMicros(rates, 'buy', (lots + 1n) * lot) > amount).toBe(true);
      }),
    );
  });

  /** The most lots whose value and fee are not more than the amount by exact rational arithmetic, nothing rounded. */
  const exactLots = (bps: bigint, amountMicros: bigint, lotCost: bigint) =>
    (amountMicros * 10_000n) / (lotCost * (10_000n + bps));

  it.each([
    [5, 2_665n],
    [4, 2_666n],
  ])('of 50.00 at 187.46 with a fee of %i bps are what exact arithmetic says', (takerBps, lots) => {
    // A tick of 0.01, a lot of 0.0001 shares.
    const rates = { makerBps: 2, takerBps, tickLotMicros: 1n };
    expect(lotsForAmount(rates, 50_000_000n, 18_746n)).toBe(lots);
    expect(exactLots(BigInt(takerBps), 50_000_000n, 18_746n)).toBe(lots);
  });

  it('are those of exact arithmetic, or one fewer where the fee of the last one is rounded up beyond the amount', () => {
    const amounts = fc.bigInt({ min: 1n, max: 10n ** 12n });
    const ticks = fc.bigInt({ min: 1n, max: 10n ** 6n });
    let equal = 0;
    fc.assert(
      fc.property(plan, amounts, ticks, (rates, amount, priceTicks) => {
        const lot = priceTicks * rates.tickLotMicros;
        const bps = BigInt(Math.max(rates.makerBps, rates.takerBps));
        const exact = exactLots(bps, amount, lot);
        const lots = lotsForAmount(rates, amount, lot);
        if (lots === exact) equal += 1;
        else {
          const unit = rates.tickLotMicros < 10_000n ? rates.tickLotMicros : 10_000n;
          expect(lots).toBe(exact - 1n);
          // What exact arithmetic leaves of the amount is less than the unit that fees are rounded to.
          expect(amount * 10_000n - exact * lot * (10_000n + bps) < unit * 10_000n).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
    expect(equal).toBeGreaterThan(500);
  });
});
