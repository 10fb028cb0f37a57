import { describe, expect, it } from 'vitest';
import { formatLots, formatTicks, tickLotMicros } from './grid.ts';

describe('tickLotMicros', () => {
  it('is the exact price of one tick of one lot', () => {
    expect(tickLotMicros(10_000n, 1_000_000n)).toBe(10_000n);
    expect(tickLotMicros(10_000n, 100n)).toBe(1n);
    expect(tickLotMicros(50_000n, 200_000n)).toBe(10_000n);
    expect(tickLotMicros(1_000_000n, 100_000_000n)).toBe(100_000_000n);
  });

  it('has no answer for terms under which a millionth would have to be broken', () => {
    expect(tickLotMicros(10_000n, 10n)).toBeUndefined();
    expect(tickLotMicros(15_000n, 100n)).toBeUndefined();
    expect(tickLotMicros(0n, 1_000_000n)).toBeUndefined();
  });
});

describe('formatTicks', () => {
  it('writes a price with its micros', () => {
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
