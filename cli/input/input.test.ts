import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Input, readDecimal, readWhole } from './input.ts';
import { UsageError } from './usage-error.ts';

describe('readDecimal', () => {
  it('returns a decimal as it was written, also beyond what a float holds', () => {
    for (const text of ['1', '0.10', '12345678901234567890.123456789012345678'])
      expect(readDecimal(text, 'x')).toBe(text);
  });

  it('refuses every other text', () => {
    for (const text of ['', '.5', '5.', '1e3', '-1', '+1', '1,5', '0x1', ' 1', '１']) {
      expect(() => readDecimal(text, 'x'), text).toThrow(UsageError);
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/^\d+(\.\d+)?$/.test(text));
        expect(() => readDecimal(text, 'x')).toThrow(UsageError);
      }),
    );
  });
});

describe('readWhole', () => {
  it('has bounds', () => {
    expect(readWhole('7', { name: 'x', min: 1, max: 7 })).toBe(7);
    for (const text of ['0', '8', '1.0', '', '9999999999']) {
      expect(() => readWhole(text, { name: 'x', min: 1, max: 7 })).toThrow(UsageError);
    }
  });
});

describe('Input', () => {
  it('tells absent options from empty ones', () => {
    const input = new Input(['a'], { empty: '', flag: true });
    expect([input.at(0), input.at(1)]).toEqual(['a', '']);
    expect([input.text('empty'), input.text('absent')]).toEqual(['', undefined]);
    expect([input.flag('flag'), input.flag('absent')]).toEqual([true, false]);
  });
});
