import { describe, expect, it } from 'vitest';
import { isUuidV7, uuidV7, uuidV7Of, uuidV7Ranked, uuidV7TimeMs } from './uuid-v7.ts';

describe('uuidV7', () => {
  it('carries its creation time', () => {
    for (const timeMs of [0, 1, 1_700_000_000_123, 2 ** 48 - 1]) expect(uuidV7TimeMs(uuidV7(timeMs))).toBe(timeMs);
    expect(Math.abs(uuidV7TimeMs(uuidV7()) - Date.now())).toBeLessThan(1_000);
  });

  it('never repeats, and has version and variant in their places', () => {
    const ids = Array.from({ length: 20_000 }, () => uuidV7(1_700_000_000_000));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every(isUuidV7)).toBe(true);
    expect(new Set(ids.map((id) => id[19])).size).toBe(4);
  });

  it('sorts by time as text', () => {
    const ids = [5, 1_000, 70_000, 2 ** 40].map((timeMs) => uuidV7(timeMs));
    expect([...ids].sort()).toEqual(ids);
  });
});

describe('uuidV7TimeMs', () => {
  it('throws for what is no UUIDv7', () => {
    const other = '7d444840-9dc0-41d1-b245-5ffdce74fad2';
    for (const text of ['', 'x', other, uuidV7().toUpperCase(), `${uuidV7()} `]) {
      expect(() => uuidV7TimeMs(text)).toThrow(RangeError);
    }
  });
});

describe('uuidV7Of', () => {
  it('gives the same id for the same time and name, with that time, and another one for any other', () => {
    const id = uuidV7Of(1_796_000_000_000, 'order opened');
    expect(uuidV7Of(1_796_000_000_000, 'order opened')).toBe(id);
    expect(isUuidV7(id)).toBe(true);
    expect(uuidV7TimeMs(id)).toBe(1_796_000_000_000);
    const others = [uuidV7Of(1_796_000_000_000, 'order ended'), uuidV7Of(1_796_000_000_001, 'order opened')];
    expect(new Set([id, ...others]).size).toBe(3);
  });
});

describe('uuidV7Ranked', () => {
  it('sorts by time, then by rank, and never repeats', () => {
    const ids = [1_000, 1_001].flatMap((timeMs) => [0, 1, 17, 4_095].map((rank) => uuidV7Ranked(timeMs, rank)));
    expect(ids.toSorted()).toEqual(ids);
    expect(ids.every(isUuidV7)).toBe(true);
    expect(uuidV7TimeMs(uuidV7Ranked(1_796_000_000_000, 4_095))).toBe(1_796_000_000_000);
    expect(new Set(Array.from({ length: 1_000 }, () => uuidV7Ranked(5, 7))).size).toBe(1_000);
  });
});
