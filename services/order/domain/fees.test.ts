import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cumulativeFeeCents } from '#platform/money/fees.ts';
import { feeMaxCents, holdCents, lotsForAmount } from './fees.ts';
import type { Side } from './order.ts';

const plan = fc.record({ makerBps: fc.integer({ min: 0, max: 1_000 }), takerBps: fc.integer({ min: 0, max: 1_000 }) });
const side = fc.constantFrom<Side>('buy', 'sell');
const cents = (max: bigint) => fc.bigInt({ min: 0n, max });

describe('holdCents', () => {
  it('covers the value and the fee, whatever the fills', () => {
    const fills = fc.array(fc.record({ value: cents(1_000_000n), maker: fc.boolean() }), { maxLength: 20 });
    fc.assert(
      fc.property(plan, side, fills, (rates, way, parts) => {
        const filled = { makerValueCents: 0n, takerValueCents: 0n };
        for (const { value, maker } of parts) filled[maker ? 'makerValueCents' : 'takerValueCents'] += value;
        const fee = cumulativeFeeCents(rates, way, filled);
        const total = filled.makerValueCents + filled.takerValueCents;
        expect(fee <= feeMaxCents(rates, way, total)).toBe(true);
        if (way === 'buy') expect(total + fee <= holdCents(rates, way, total)).toBe(true);
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
