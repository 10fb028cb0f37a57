import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cumulativeFeeCents, feeMaxCents, holdCents, lotsForAmount } from './fees.ts';
import type { Side } from './order.ts';

const plan = fc.record({ makerBps: fc.integer({ min: 0, max: 1_000 }), takerBps: fc.integer({ min: 0, max: 1_000 }) });
const side = fc.constantFrom<Side>('buy', 'sell');
const cents = (max: bigint) => fc.bigInt({ min: 0n, max });

describe('cumulativeFeeCents', () => {
  it('rounds the sum of both rates up once', () => {
    const filled = { makerValueCents: 1_001n, takerValueCents: 1_001n };
    // 1.001 + 2.002 cents
    expect(cumulativeFeeCents({ makerBps: 10, takerBps: 20 }, 'buy', filled)).toBe(4n);
    expect(
      cumulativeFeeCents({ makerBps: 10, takerBps: 20 }, 'buy', { makerValueCents: 1n, takerValueCents: 0n }),
    ).toBe(1n);
  });

  it('never takes more from a seller than the proceeds', () => {
    const filled = { makerValueCents: 0n, takerValueCents: 0n };
    expect(cumulativeFeeCents({ makerBps: 10, takerBps: 1_000 }, 'sell', filled)).toBe(0n);
    fc.assert(
      fc.property(plan, cents(10_000n), cents(10_000n), (rates, makerValueCents, takerValueCents) => {
        const fee = cumulativeFeeCents(rates, 'sell', { makerValueCents, takerValueCents });
        expect(fee <= makerValueCents + takerValueCents).toBe(true);
      }),
    );
  });

  it('grows with every fill, and whatever the fills, stays within the hold', () => {
    const fills = fc.array(fc.record({ value: cents(1_000_000n), maker: fc.boolean() }), { maxLength: 20 });
    fc.assert(
      fc.property(plan, side, fills, (rates, way, parts) => {
        const filled = { makerValueCents: 0n, takerValueCents: 0n };
        let before = 0n;
        for (const { value, maker } of parts) {
          filled[maker ? 'makerValueCents' : 'takerValueCents'] += value;
          const fee = cumulativeFeeCents(rates, way, filled);
          expect(fee >= before).toBe(true);
          before = fee;
        }
        const total = filled.makerValueCents + filled.takerValueCents;
        expect(before <= feeMaxCents(rates, way, total)).toBe(true);
        if (way === 'buy') expect(total + before <= holdCents(rates, way, total)).toBe(true);
      }),
    );
  });
});

describe('lotsForAmount', () => {
  it('is the most that the amount pays for, fee included', () => {
    const amounts = fc.bigInt({ min: 1n, max: 10n ** 12n });
    const lotCents = fc.bigInt({ min: 1n, max: 10n ** 7n });
    fc.assert(
      fc.property(plan, amounts, lotCents, (rates, amount, lot) => {
        const lots = lotsForAmount(rates, amount, lot);
        expect(holdCents(rates, 'buy', lots * lot) <= amount).toBe(true);
        expect(holdCents(rates, 'buy', (lots + 1n) * lot) > amount).toBe(true);
      }),
    );
  });
});
