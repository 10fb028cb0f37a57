import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cumulativeFeeCents, cumulativeSellerFeeCents, greatestFeeCents } from './fee.ts';

const bps = fc.integer({ min: 0, max: 1_000 });
const plans = fc.record({ makerBps: bps, takerBps: bps });
const cents = fc.bigInt({ min: 0n, max: 10n ** 12n });
const fills = fc.record({ makerValueCents: cents, takerValueCents: cents });

describe('cumulativeFeeCents', () => {
  it('is rounded up once over all fills, not at each of them', () => {
    const plan = { makerBps: 10, takerBps: 20 };
    expect(cumulativeFeeCents(plan, { makerValueCents: 0n, takerValueCents: 0n })).toBe(0n);
    expect(cumulativeFeeCents(plan, { makerValueCents: 1n, takerValueCents: 0n })).toBe(1n);
    expect(cumulativeFeeCents(plan, { makerValueCents: 1_000n, takerValueCents: 500n })).toBe(2n);
    expect(cumulativeFeeCents(plan, { makerValueCents: 1_001n, takerValueCents: 500n })).toBe(3n);
  });

  it('charges for each further fill between nothing and its value', () => {
    fc.assert(
      fc.property(
        plans,
        fills,
        fc.bigInt({ min: 1n, max: 10n ** 9n }),
        fc.boolean(),
        (plan, before, value, asMaker) => {
          const after = {
            makerValueCents: before.makerValueCents + (asMaker ? value : 0n),
            takerValueCents: before.takerValueCents + (asMaker ? 0n : value),
          };
          for (const feeOf of [cumulativeFeeCents, cumulativeSellerFeeCents]) {
            const charged = feeOf(plan, after) - feeOf(plan, before);
            expect(charged >= 0n && charged <= value).toBe(true);
          }
        },
      ),
    );
  });
});

describe('cumulativeSellerFeeCents', () => {
  it('never takes more than the sale brought in', () => {
    fc.assert(
      fc.property(plans, fills, (plan, filled) => {
        const fee = cumulativeSellerFeeCents(plan, filled);
        expect(fee <= filled.makerValueCents + filled.takerValueCents).toBe(true);
      }),
    );
  });
});

describe('greatestFeeCents', () => {
  it('is reached by no continuation of the order but the dearest', () => {
    fc.assert(
      fc.property(plans, fills, cents, cents, (plan, filled, makerMore, takerMore) => {
        const most = greatestFeeCents(plan, filled, makerMore + takerMore);
        const actual = cumulativeFeeCents(plan, {
          makerValueCents: filled.makerValueCents + makerMore,
          takerValueCents: filled.takerValueCents + takerMore,
        });
        expect(actual <= most).toBe(true);
      }),
    );
  });
});
