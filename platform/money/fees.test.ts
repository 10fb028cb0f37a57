import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cumulativeFeeCents, greatestFeeCents } from './fees.ts';

const bps = fc.integer({ min: 0, max: 1_000 });
const plans = fc.record({ makerBps: bps, takerBps: bps });
const sides = fc.constantFrom('buy' as const, 'sell' as const);
const cents = fc.bigInt({ min: 0n, max: 10n ** 12n });
const fills = fc.record({ makerValueCents: cents, takerValueCents: cents });

describe('cumulativeFeeCents', () => {
  it('is rounded up once over all fills, not at each of them', () => {
    const plan = { makerBps: 10, takerBps: 20 };
    expect(cumulativeFeeCents(plan, 'buy', { makerValueCents: 0n, takerValueCents: 0n })).toBe(0n);
    expect(cumulativeFeeCents(plan, 'buy', { makerValueCents: 1n, takerValueCents: 0n })).toBe(1n);
    expect(cumulativeFeeCents(plan, 'buy', { makerValueCents: 1_000n, takerValueCents: 500n })).toBe(2n);
    expect(cumulativeFeeCents(plan, 'buy', { makerValueCents: 1_001n, takerValueCents: 500n })).toBe(3n);
  });

  it('charges for each further fill between nothing and its value', () => {
    const values = fc.bigInt({ min: 1n, max: 10n ** 9n });
    fc.assert(
      fc.property(plans, sides, fills, values, fc.boolean(), (plan, side, before, value, asMaker) => {
        const after = {
          makerValueCents: before.makerValueCents + (asMaker ? value : 0n),
          takerValueCents: before.takerValueCents + (asMaker ? 0n : value),
        };
        const charged = cumulativeFeeCents(plan, side, after) - cumulativeFeeCents(plan, side, before);
        expect(charged >= 0n && charged <= value).toBe(true);
      }),
    );
  });

  it('never takes more from a seller than the sale brought in', () => {
    fc.assert(
      fc.property(plans, fills, (plan, filled) => {
        const fee = cumulativeFeeCents(plan, 'sell', filled);
        expect(fee <= filled.makerValueCents + filled.takerValueCents).toBe(true);
      }),
    );
  });
});

describe('greatestFeeCents', () => {
  it('is reached by no continuation of the order but the dearest', () => {
    fc.assert(
      fc.property(plans, sides, fills, cents, cents, (plan, side, filled, makerMore, takerMore) => {
        const most = greatestFeeCents(plan, side, filled, makerMore + takerMore);
        const actual = cumulativeFeeCents(plan, side, {
          makerValueCents: filled.makerValueCents + makerMore,
          takerValueCents: filled.takerValueCents + takerMore,
        });
        expect(actual <= most).toBe(true);
      }),
    );
  });
});
