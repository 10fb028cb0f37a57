import { timestampMs } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { readSpanMs, readTime } from './time.ts';
import { UsageError } from './usage-error.ts';

const nowMs = Date.UTC(2026, 2, 1, 12);
const read = (text: string) => new Date(timestampMs(readTime(text, '--since', nowMs))).toISOString();

describe('readTime', () => {
  it('takes dates and times of day, in UTC unless they name an offset', () => {
    expect(read('2026-02-28')).toBe('2026-02-28T00:00:00.000Z');
    expect(read('2026-02-28T09:30')).toBe('2026-02-28T09:30:00.000Z');
    expect(read('2026-02-28 09:30:15')).toBe('2026-02-28T09:30:15.000Z');
    expect(read('2026-02-28T09:30:15.250Z')).toBe('2026-02-28T09:30:15.250Z');
    expect(read('2026-02-28T09:30+01:00')).toBe('2026-02-28T08:30:00.000Z');
  });

  it('takes spans before now', () => {
    expect(read('90s')).toBe('2026-03-01T11:58:30.000Z');
    expect(read('30m')).toBe('2026-03-01T11:30:00.000Z');
    expect(read('2h')).toBe('2026-03-01T10:00:00.000Z');
    expect(read('7d')).toBe('2026-02-22T12:00:00.000Z');
  });

  it('refuses every other text', () => {
    for (const text of ['', 'yesterday', '2026', '2026-13-01', '2026-02-28T25:00', '-2h', '2 h', '1.5h', '2w']) {
      expect(() => readTime(text, '--since', nowMs), text).toThrow(UsageError);
    }
  });
});

describe('readSpanMs', () => {
  it('takes a number with its unit, and nothing else', () => {
    expect(['90s', '45m', '6h', '1d'].map((text) => readSpanMs(text, '--over'))).toEqual([
      90e3, 2_700e3, 21_600e3, 86_400e3,
    ]);
    for (const text of ['', '5', '-5s', '1.5h', '2 h'])
      expect(() => readSpanMs(text, '--over'), text).toThrow(UsageError);
  });
});
