import { describe, expect, it } from 'vitest';
import { formatLots, formatTicks, tickLotCents } from './grid.ts';

describe('tickLotCents', () => {
  it('is the exact price of one tick of one lot', () => {
    expect(tickLotCents(10_000n, 1_000_000n)).toBe(1n);
    expect(tickLotCents(50_000n, 200_000n)).toBe(1n);
    expect(tickLotCents(1_000_000n, 100_000_000n)).toBe(10_000n);
  });

  it('has no answer for terms under which cents would have to be broken', () => {
    expect(tickLotCents(10_000n, 100_000n)).toBeUndefined();
    expect(tickLotCents(0n, 1_000_000n)).toBeUndefined();
  });
});

describe('formatTicks', () => {
  it('writes a price with its cents', () => {
    expect(formatTicks(3n, 500_000n)).toBe('1.50');
    expect(formatTicks(3n, 500n)).toBe('0.0015');
  });
});

describe('formatLots', () => {
  it('writes shares without trailing zeros', () => {
    expect(formatLots(151n, 10_000n)).toBe('1.51');
    expect(formatLots(2n, 1_000_000n)).toBe('2');
  });
});
