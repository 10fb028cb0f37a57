import { timestampMs } from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Input, readDecimal, readTime, readWhole } from './input.ts';
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

describe('readTime', () => {
  const read = (text: string) => timestampMs(readTime(text, 'x'));

  it('reads a day, and a time with or without a zone', () => {
    expect(read('2026-03-01')).toBe(Date.UTC(2026, 2, 1));
    for (const text of [
      '2026-03-01T09:30',
      '2026-03-01 09:30:00',
      '2026-03-01T09:30:00.000Z',
      '2026-03-01T10:30+01:00',
    ]) {
      expect(read(text), text).toBe(Date.UTC(2026, 2, 1, 9, 30));
    }
  });

  it('refuses every other text', () => {
    for (const text of ['', 'today', '2026', '2026-13-01', '2026-03-01T25:00', '2026-03-01T09:30 CET', '1772357400']) {
      expect(() => readTime(text, 'x'), text).toThrow(UsageError);
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
