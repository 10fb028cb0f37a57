import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SpecialTerms } from '../domain/special-terms.ts';
import { sampleOrder } from '../domain/testing/sample-order.ts';
import {
  fromSpecialTermsColumn,
  fromTimeInForceColumn,
  type SpecialTermsColumn,
  toSpecialTermsColumn,
  toTimeInForceColumn,
} from './special-terms-column.ts';

const gridMax = 2n ** 31n - 1n;
const grid = fc.bigInt({ min: 1n, max: gridMax });
const specialTerms: fc.Arbitrary<SpecialTerms> = fc.record(
  {
    stopTicks: grid,
    trailTicks: grid,
    trailBps: fc.integer({ min: 1, max: 9_999 }),
    displayLots: grid,
    minimumLots: grid,
    slide: fc.constant(true),
    expireTimeMs: fc.integer({ min: 1, max: 253_402_300_799_999 }),
    selfTrade: fc.constantFrom('cancel-oldest', 'cancel-both', 'decrement'),
  },
  { requiredKeys: [] },
);

describe('the column of special terms', () => {
  it('has what was written to it, through JSON', () => {
    fc.assert(
      fc.property(specialTerms, (specials) => {
        const stored: SpecialTermsColumn = JSON.parse(JSON.stringify(toSpecialTermsColumn(specials)));
        expect(fromSpecialTermsColumn(stored)).toEqual(specials);
      }),
    );
  });

  it('is null for plain orders', () => {
    expect(toSpecialTermsColumn(undefined)).toBeNull();
    expect(fromSpecialTermsColumn(null)).toBeUndefined();
  });
});

describe('the column of the time in force', () => {
  it('says of GTC whether there are special terms, and is the same time in force for either', () => {
    const special = sampleOrder({ specials: { minimumLots: 1n } });
    expect([toTimeInForceColumn(sampleOrder()), toTimeInForceColumn(special)]).toEqual(['gtc', 'special-gtc']);
    expect(toTimeInForceColumn(sampleOrder({ ...special, timeInForce: 'day' }))).toBe('day');
    expect([fromTimeInForceColumn('gtc'), fromTimeInForceColumn('special-gtc')]).toEqual(['gtc', 'gtc']);
  });
});
