import { describe, expect, it } from 'vitest';
import { isReviewed, pressed, type RiskFacts, riskOf } from './review.ts';

const facts: RiskFacts = {
  value: 1_000,
  equity: 100_000,
  impactBps: 10,
  beyondTouchBps: 0,
  isPart: false,
  isStale: false,
  isAuction: false,
  firesAtOnce: false,
};

describe('riskOf', () => {
  it('is large from a tenth of the equity, or from the own limit', () => {
    expect(riskOf({ ...facts, value: 10_000 }, 0).isLarge).toBe(true);
    expect(riskOf({ ...facts, value: 9_999 }, 0).isLarge).toBe(false);
    expect(riskOf(facts, 1_000).isLarge).toBe(true);
    expect(riskOf({ ...facts, equity: 0 }, 0).isLarge).toBe(false);
  });

  it('needs a tick from an impact of 5 % on, and for a part', () => {
    expect(riskOf({ ...facts, impactBps: 600 }, 0)).toMatchObject({ isOdd: true, needsTick: true });
    expect(riskOf({ ...facts, impactBps: 300 }, 0)).toMatchObject({ isOdd: true, needsTick: false });
    expect(riskOf({ ...facts, isPart: true }, 0).needsTick).toBe(true);
  });

  it('is odd when the price is old, in an auction, or far off the market', () => {
    for (const odd of [{ isStale: true }, { isAuction: true }, { firesAtOnce: true }, { beyondTouchBps: 501 }]) {
      expect(riskOf({ ...facts, ...odd }, 0).reasons).toHaveLength(1);
    }
    expect(riskOf(facts, 0).isOdd).toBe(false);
  });
});

describe('isReviewed', () => {
  it('follows the preference, but never leaves out what needs a tick', () => {
    const calm = riskOf(facts, 0);
    const part = riskOf({ ...facts, isPart: true }, 0);
    expect(isReviewed(calm, 'always')).toBe(true);
    expect(isReviewed(calm, 'odd only')).toBe(false);
    expect(isReviewed(riskOf(facts, 500), 'large or odd')).toBe(true);
    expect(isReviewed(part, 'odd only')).toBe(true);
  });
});

describe('pressed', () => {
  const press = { nowMs: 1_000, isRepeat: false, isReviewed: true };

  it('reviews first, and sends by a new press after 0.4 s', () => {
    expect(pressed({ name: 'fill' }, press)).toBe('review');
    expect(pressed({ name: 'review', sinceMs: 700 }, press)).toBe('nothing');
    expect(pressed({ name: 'review', sinceMs: 600 }, press)).toBe('send');
  });

  it('never sends by a held key', () => {
    expect(pressed({ name: 'review', sinceMs: 0 }, { ...press, isRepeat: true })).toBe('nothing');
    expect(pressed({ name: 'fill' }, { ...press, isRepeat: true })).toBe('nothing');
  });

  it('sends at once what needs no review', () => {
    expect(pressed({ name: 'fill' }, { ...press, isReviewed: false })).toBe('send');
  });
});
