import { describe, expect, it } from 'vitest';
import { averagePriceText, checkTerms, priceText, quantityText, sameTerms, type Terms } from './instrument.ts';

const terms: Terms = {
  symbol: 'ACME',
  name: 'Acme Tools',
  sector: 'Industry',
  tickSize: 10_000n,
  lotSize: 1_000_000n,
  currency: 'USD',
  bandBps: 2_000,
  referencePrice: 187_250_000n,
  calendar: '24x7',
  breakerBps: 0,
  breakerHaltMs: 0,
  breakerAuctionMs: 0,
};

function fieldsOf(changes: Partial<Terms>): string[] {
  return checkTerms({ ...terms, ...changes }).map(({ field }) => field);
}

describe('checkTerms', () => {
  it('takes terms that can be listed', () => {
    expect(checkTerms(terms)).toEqual([]);
    expect(fieldsOf({ tickSize: 1_000_000n, lotSize: 10_000n, referencePrice: 4_321_000_000n })).toEqual([]);
  });

  it('takes the calendars that are shipped', () => {
    expect(fieldsOf({ calendar: 'XNYS' })).toEqual([]);
    expect(fieldsOf({ calendar: 'XLON' })).toEqual(['calendar']);
  });

  it('takes a breaker with both of its times, or none', () => {
    const breaker = { breakerBps: 1_000, breakerHaltMs: 1, breakerAuctionMs: 86_400_000 };
    expect(fieldsOf(breaker)).toEqual([]);
    expect(fieldsOf({ ...breaker, breakerHaltMs: 0, breakerAuctionMs: 86_400_001 })).toEqual([
      ...['breakerHaltMs', 'breakerAuctionMs'],
    ]);
    expect(fieldsOf({ ...breaker, breakerHaltMs: 0.5, breakerBps: 10_001 })).toEqual(['breakerBps', 'breakerHaltMs']);
    expect(checkTerms({ ...terms, breakerHaltMs: 1 })).toEqual([
      { field: 'breakerHaltMs', description: 'goes with breaker_bps only' },
    ]);
  });

  it('refuses a tick x lot that is no whole number of millionths', () => {
    expect(fieldsOf({ lotSize: 100n })).toEqual([]);
    expect(fieldsOf({ lotSize: 50n })).toEqual(['lotSize']);
    expect(fieldsOf({ tickSize: 1_000n, lotSize: 100n })).toEqual(['lotSize']);
  });

  it('refuses what the ledger could not hold: the name of cash, and a tick x lot beyond its bound', () => {
    expect(checkTerms({ ...terms, symbol: 'USD' })).toEqual([
      { field: 'symbol', description: 'must not be the name of cash, USD' },
    ]);
    const most = { tickSize: 10_000n * (2n ** 31n - 1n), lotSize: 1_000_000n };
    expect(fieldsOf({ ...most, referencePrice: most.tickSize })).toEqual([]);
    const more = 10_000n * 2n ** 31n;
    expect(checkTerms({ ...terms, tickSize: more, referencePrice: more })).toEqual([
      { field: 'lotSize', description: 'tick size x lot size must be at most 21474836470000 millionths' },
    ]);
  });

  it('refuses a reference price off the tick or beyond what the book can hold', () => {
    expect(fieldsOf({ referencePrice: 187_255_000n })).toEqual(['referencePrice']);
    expect(fieldsOf({ referencePrice: 0n })).toEqual(['referencePrice']);
    expect(fieldsOf({ referencePrice: 10_000n * 2n ** 31n })).toEqual(['referencePrice']);
  });

  it('names every field that is wrong', () => {
    const wrong = { symbol: 'acme', name: ' ', sector: 'x'.repeat(41), currency: 'EUR', bandBps: 10_001, tickSize: 0n };
    expect(fieldsOf(wrong).sort()).toEqual(['bandBps', 'currency', 'name', 'sector', 'symbol', 'tickSize']);
  });
});

describe('sameTerms', () => {
  it('finds any difference', () => {
    expect(sameTerms(terms, { ...terms })).toBe(true);
    expect(sameTerms(terms, { ...terms, lotSize: 2_000_000n })).toBe(false);
  });
});

describe('priceText and quantityText', () => {
  it('write ticks in dollars with at least two decimals, and lots in shares', () => {
    expect(priceText(18_725n, terms)).toBe('187.25');
    expect(priceText(3n, { ...terms, tickSize: 50_000n })).toBe('0.15');
    expect(quantityText(12n, terms)).toBe('12');
    expect(quantityText(151n, { ...terms, lotSize: 10_000n })).toBe('1.51');
  });
});

describe('averagePriceText', () => {
  it('rounds half up to 6 places', () => {
    expect(averagePriceText(410n, 4n, terms)).toBe('1.025');
    expect(averagePriceText(300n, 3n, terms)).toBe('1.00');
    expect(averagePriceText(200n, 3n, terms)).toBe('0.666667');
    expect(averagePriceText(1n, 3n, terms)).toBe('0.003333');
    expect(averagePriceText(1n, 20_000n, terms)).toBe('0.000001');
    expect(averagePriceText(1n, 20_001n, terms)).toBe('0.00');
  });
});
