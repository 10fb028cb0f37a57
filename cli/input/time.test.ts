import { timestampMs } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { readSpan, readTime } from './time.ts';
import { UsageError } from './usage-error.ts';

const nowMs = Date.UTC(2026, 2, 1, 12);
const read = (text: string) => new Date(timestampMs(readTime(text, '--since', nowMs))).toISOString();

describe('readTime', () => {
  it('takes dates and times of day, in UTC unless they name an offset', () => {
    expect(read('2026-02-28')).toBe('2026-02-28T00:00:00.000Z');
    expect(read('2026-02-28T09:30')).toBe('2026-02-28T09:30:00.000Z');
    expect(read('2026-02-28 09:30:15')).toBe('2026-02-28T09:30:15.000Z');
    expect(read('2026-02-28T09:30:00')).toBe('2026-02-28T09:30:00.000Z');
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
    for (const text of [
      ...['', 'yesterday', 'today', '2026', '2026-13-01', '2026-02-28T25:00', '2026-03-01T09:30 CET', '1772357400'],
      ...['-2h', '2 h', '1.5h', '2w'],
    ]) {
      expect(() => readTime(text, '--since', nowMs), text).toThrow(UsageError);
    }
  });
});

describe('readSpan', () => {
  it('takes seconds, minutes, hours and days, and nothing else', () => {
    expect(['90s', '30m', '2h', '7d', '0s'].map((text) => readSpan(text, 'x'))).toEqual([
      ...[90_000, 1_800_000, 7_200_000, 604_800_000, 0],
    ]);
    for (const text of ['', '10', '-2h', '1.5h', '2w', '2026-03-01', '9999999s']) {
      expect(() => readSpan(text, 'x'), text).toThrow(UsageError);
    }
  });
});
