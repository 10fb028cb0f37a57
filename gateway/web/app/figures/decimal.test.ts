import { describe, expect, it } from 'vitest';
import { divided, microsText, multiplied, parseMicros, placesOf, roundedDown } from './decimal.ts';

describe('parseMicros', () => {
  it('reads a comma and a point alike, and a true minus', () => {
    expect(parseMicros('180,5')).toBe(180_500_000n);
    expect(parseMicros(' 180.5 ')).toBe(180_500_000n);
    expect(parseMicros('\u22120.01')).toBe(-10_000n);
    expect(parseMicros('.5')).toBe(500_000n);
  });

  it('refuses what is no decimal', () => {
    for (const text of ['', '.', '1e3', '1.2.3', 'ten', '1,000.00', undefined])
      expect(parseMicros(text)).toBe(undefined);
  });
});

describe('microsText', () => {
  it('writes what parseMicros reads', () => {
    for (const text of ['0', '180.5', '-0.000001', '999999999.25'])
      expect(microsText(parseMicros(text) ?? 0n)).toBe(text);
    expect(microsText(1_000_000n, 2)).toBe('1.00');
  });
});

describe('arithmetic in millionths', () => {
  it('is exact where floats are not', () => {
    const tenth = parseMicros('0.1') ?? 0n;
    expect(microsText(multiplied(tenth, parseMicros('3') ?? 0n))).toBe('0.3');
    expect(divided(tenth, 0n)).toBe(undefined);
    expect(microsText(divided(parseMicros('1') ?? 0n, parseMicros('3') ?? 0n) ?? 0n)).toBe('0.333333');
  });

  it('rounds down to a step, below zero too', () => {
    expect(roundedDown(1_234_567n, 10_000n)).toBe(1_230_000n);
    expect(roundedDown(-1n, 10_000n)).toBe(-10_000n);
    expect(roundedDown(5n, 0n)).toBe(5n);
  });
});

describe('placesOf', () => {
  it('leaves out zeros at the end', () => {
    expect(['0.01', '0.0100', '1', '', undefined].map(placesOf)).toEqual([2, 2, 0, 0, 0]);
  });
});
