import { describe, expect, it } from 'vitest';
import { Fraction, zero } from './fraction.ts';

describe('Fraction', () => {
  it('adds, multiplies and compares without rounding', () => {
    const third = new Fraction(1n, 3n);
    expect(String(third.plus(third).plus(third))).toBe('1.000000');
    expect(String(Fraction.of('99.99').times(Fraction.of('0.0001')))).toBe('0.009999');
    expect(String(Fraction.of('1.5').minus(Fraction.of('2')))).toBe('-0.500000');
    expect([Fraction.of('0.02').isAbove(Fraction.of('0.01')), zero.isAbove(zero)]).toEqual([true, false]);
  });

  it('rounds up to a unit only where it is told to', () => {
    const cent = Fraction.of('0.01');
    expect(String(Fraction.of('0.010001').upTo(cent))).toBe('0.020000');
    expect(String(Fraction.of('0.02').upTo(cent))).toBe('0.020000');
    expect(String(zero.upTo(cent))).toBe('0.000000');
  });

  it('refuses what is no decimal, and more places than there are', () => {
    expect(() => Fraction.of('1,5')).toThrow('is no decimal');
    expect(() => String(new Fraction(1n, 3n))).toThrow('more than six places');
  });
});
