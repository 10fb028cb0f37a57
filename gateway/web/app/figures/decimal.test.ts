import { describe, expect, it } from 'vitest';
import {
  divided,
  isAmbiguous,
  microsText,
  multiplied,
  parseMicros,
  placesOf,
  roundedDown,
  roundedUp,
} from './decimal.ts';

describe('parseMicros', () => {
  it('reads a comma and a point alike, and a true minus', () => {
    expect(parseMicros('180,5')).toBe(180_500_000n);
    expect(parseMicros(' 180.5 ')).toBe(180_500_000n);
    expect(parseMicros('\u22120.01')).toBe(-10_000n);
    expect(parseMicros('.5')).toBe(500_000n);
  });

  it('refuses what is no decimal', () => {
    for (const text of ['', '.', '1e3', '1.2.3', 'ten', '1,00.00', '1,000,00', undefined])
      expect(parseMicros(text)).toBe(undefined);
  });
});

describe('isAmbiguous', () => {
  it('is what some read as a thousand and others as one, which is no decimal then', () => {
    for (const text of ['1,000', '187,500', ' 12,345 ']) {
      expect(isAmbiguous(text)).toBe(true);
      expect(parseMicros(text)).toBe(undefined);
    }
    const clear = ['180,5', '0,500', '1,000.5', '1,234,567', '1000,250', '1.000'];
    const micros = [180_500_000n, 500_000n, 1_000_500_000n, 1_234_567_000_000n, 1_000_250_000n, 1_000_000n];
    expect(clear.map(parseMicros)).toEqual(micros);
    expect(clear.some(isAmbiguous)).toBe(false);
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
    expect([roundedUp(364_061_940n, 10_000n), roundedUp(-15n, 10n), roundedUp(7n, 0n)]).toEqual([
      364_070_000n,
      -10n,
      7n,
    ]);
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
