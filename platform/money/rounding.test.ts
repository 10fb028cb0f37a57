import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mulDiv } from './rounding.ts';

const any = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
const divisor = any.filter((value) => value !== 0n);

describe('mulDiv', () => {
  it('rounds ties to the even neighbour, on both sides of zero', () => {
    expect([1n, 3n, 5n, -1n, -3n, -5n].map((value) => mulDiv(value, 1n, 2n, 'half-even'))).toEqual([
      0n,
      2n,
      2n,
      0n,
      -2n,
      -2n,
    ]);
  });

  it('rounds floor down and ceil up, on both sides of zero', () => {
    expect(mulDiv(-7n, 1n, 2n, 'floor')).toBe(-4n);
    expect(mulDiv(-7n, 1n, 2n, 'ceil')).toBe(-3n);
    expect(mulDiv(7n, 1n, -2n, 'floor')).toBe(-4n);
    expect(mulDiv(7n, 1n, 2n, 'ceil')).toBe(4n);
  });

  it('brackets the exact quotient: floor <= quotient <= ceil, at most one apart, equal when it is whole', () => {
    fc.assert(
      fc.property(any, any, divisor, (a, b, d) => {
        const floor = mulDiv(a, b, d, 'floor');
        const ceil = mulDiv(a, b, d, 'ceil');
        const sign = d < 0n ? -1n : 1n;
        expect(floor * d * sign <= a * b * sign).toBe(true);
        expect(ceil * d * sign >= a * b * sign).toBe(true);
        expect(ceil - floor).toBe((a * b) % d === 0n ? 0n : 1n);
      }),
    );
  });

  it('is never further than half a unit from the quotient with half-even, and odd under a change of sign', () => {
    fc.assert(
      fc.property(any, any, divisor, (a, b, d) => {
        const rounded = mulDiv(a, b, d, 'half-even');
        const error = rounded * d - a * b;
        const magnitude = error < 0n ? -error : error;
        expect(magnitude * 2n <= (d < 0n ? -d : d)).toBe(true);
        expect(mulDiv(-a, b, d, 'half-even')).toBe(-rounded);
      }),
    );
  });

  it('refuses a divisor of zero', () => {
    expect(() => mulDiv(1n, 1n, 0n, 'floor')).toThrow(RangeError);
  });
});
