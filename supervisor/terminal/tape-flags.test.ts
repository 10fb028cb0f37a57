import { describe, expect, it } from 'vitest';
import { parseTapeFlags } from './tape-flags.ts';

const parse = (values: Parameters<typeof parseTapeFlags>[0]) => parseTapeFlags(values, '/project');

describe('parseTapeFlags', () => {
  it('reads a tape, its speed, its beat and its begin', () => {
    expect(parse({})).toBeUndefined();
    expect(parse({ tape: 'day.csv' })).toEqual({
      path: '/project/day.csv',
      speed: '1',
      beatMs: undefined,
      fromMs: undefined,
    });
    expect(parse({ tape: '/day.csv', speed: 'max', beat: '30000', from: '2026-03-10T10:00:00-04:00' })).toEqual({
      path: '/day.csv',
      speed: 'max',
      beatMs: 30_000,
      fromMs: Date.UTC(2026, 2, 10, 14),
    });
  });

  it('refuses flags without a tape, a clock beside it, and values out of range', () => {
    const wrong = [{ speed: '2' }, { beat: '1000' }, { from: '2026-03-10T14:30:00Z' }];
    for (const values of wrong) expect(() => parse(values)).toThrow('belong to --tape');
    expect(() => parse({ tape: 'a', clock: 'machine' })).toThrow('moves the clock itself');
    for (const speed of ['0', '1001', '-1', '1.5', '']) expect(() => parse({ tape: 'a', speed })).toThrow('--speed');
    for (const beat of ['0', '3600001', '-1', '1.5', '']) expect(() => parse({ tape: 'a', beat })).toThrow('--beat');
    for (const from of ['2026-03-10', '2026-03-10T14:30:00', 'x']) {
      expect(() => parse({ tape: 'a', from })).toThrow('--from');
    }
  });
});
