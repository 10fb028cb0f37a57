import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CASH_SCALE,
  CENT_SCALE,
  DecimalError,
  formatCash,
  formatDecimal,
  parseDecimal,
  QUANTITY_SCALE,
} from './decimal.ts';

const bounded = fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n });
const scales = fc.integer({ min: 0, max: 8 });

describe('parseDecimal', () => {
  it('reads cents, millionths and whole numbers', () => {
    expect(parseDecimal('187.25', CENT_SCALE)).toBe(18_725n);
    expect(parseDecimal('187.25', CASH_SCALE)).toBe(187_250_000n);
    expect(parseDecimal('-0.01', CENT_SCALE)).toBe(-1n);
    expect(parseDecimal('3', QUANTITY_SCALE)).toBe(3_000_000n);
    expect(parseDecimal('-0', CASH_SCALE)).toBe(0n);
  });

  it('allows zeros past the scale and refuses other digits there', () => {
    expect(parseDecimal('1.2000', CENT_SCALE)).toBe(120n);
    expect(() => parseDecimal('1.201', CENT_SCALE)).toThrow('must have at most 2 decimals');
  });

  it.each([
    '',
    ' 1',
    '1 ',
    '+1',
    '01',
    '.5',
    '1.',
    '1e3',
    '1E400',
    'NaN',
    'Infinity',
    '0x10',
    '1,5',
    '--1',
    '1_0',
    '١',
    '9'.repeat(19),
    `0.${'0'.repeat(41)}`,
    '1\n',
  ])('refuses %j', (text) => {
    expect(() => parseDecimal(text, CASH_SCALE)).toThrow(DecimalError);
  });

  it('keeps to the bounds, which are inclusive', () => {
    expect(parseDecimal('0.01', CENT_SCALE, { min: 1n, max: 100n })).toBe(1n);
    expect(() => parseDecimal('0', CENT_SCALE, { min: 1n })).toThrow('must be at least 0.01');
    expect(() => parseDecimal('1.01', CENT_SCALE, { max: 100n })).toThrow('must be at most 1');
  });

  it('gives back what formatDecimal wrote, at any scale and with any number of trailing zeros', () => {
    fc.assert(
      fc.property(bounded, scales, scales, (value, scale, minDecimals) => {
        expect(parseDecimal(formatDecimal(value, scale, Math.min(minDecimals, scale)), scale)).toBe(value);
      }),
    );
  });

  it('never throws anything but DecimalError', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseDecimal(text, CASH_SCALE);
        } catch (error) {
          expect(error).toBeInstanceOf(DecimalError);
        }
      }),
    );
  });
});

describe('formatDecimal', () => {
  it('writes as many decimals as are asked for, and more only where they are not 0', () => {
    expect(formatDecimal(10n, CENT_SCALE, 2)).toBe('0.10');
    expect(formatDecimal(-5n, CENT_SCALE, 2)).toBe('-0.05');
    expect(formatDecimal(1_500_000n, QUANTITY_SCALE)).toBe('1.5');
    expect(formatDecimal(2_000_000n, QUANTITY_SCALE)).toBe('2');
    expect(formatDecimal(187_250_000n, 6, 2)).toBe('187.25');
    expect(formatDecimal(187_000_000n, 6, 2)).toBe('187.00');
    expect(formatDecimal(0n, CENT_SCALE, 2)).toBe('0.00');
  });

  it('writes equal numbers equally, however they were written', () => {
    fc.assert(
      fc.property(bounded, fc.integer({ min: 0, max: 10 }), (value, zeros) => {
        const text = formatCash(value) + '0'.repeat(zeros);
        expect(formatCash(parseDecimal(text, CASH_SCALE))).toBe(formatCash(value));
      }),
    );
  });
});

describe('formatCash', () => {
  it('writes cents always, and what is less than one only where there is some', () => {
    expect([0n, 50_000_000n, 49_976_836n, -100n].map(formatCash)).toEqual(['0.00', '50.00', '49.976836', '-0.0001']);
  });
});
