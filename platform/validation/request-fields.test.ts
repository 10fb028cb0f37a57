import { describe, expect, it } from 'vitest';
import { Code } from '#platform/errors/code.ts';
import { readCount, readDecimal, readKey, readLine, readSymbol } from './request-fields.ts';

const invalid = (field: string) =>
  expect.objectContaining({ code: Code.INVALID_ARGUMENT, violations: [expect.objectContaining({ field })] });

describe('readKey', () => {
  it('takes 1 to 64 plain characters', () => {
    expect(readKey('a.B:9_-')).toBe('a.B:9_-');
    for (const key of ['', 'a b', 'ü', 'a'.repeat(65)]) expect(() => readKey(key)).toThrow(invalid('idempotency_key'));
  });
});

describe('readCount', () => {
  it('takes 0 for the default and refuses what is out of bounds', () => {
    const bounds = { fallback: 10, max: 50 };
    expect([0, 1, 50].map((count) => readCount('length', count, bounds))).toEqual([10, 1, 50]);
    for (const count of [-1, 51]) expect(() => readCount('length', count, bounds)).toThrow(invalid('length'));
  });
});

describe('readSymbol', () => {
  it('takes what can be a symbol', () => {
    expect(readSymbol('symbol', 'BRK.B')).toBe('BRK.B');
    for (const text of ['', 'acme', 'A B', 'A'.repeat(13)]) {
      expect(() => readSymbol('symbol', text)).toThrow(invalid('symbol'));
    }
  });
});

describe('readDecimal', () => {
  it('gives the exact integer and names the field of what is none', () => {
    expect(readDecimal('price', '187.250', 6)).toBe(187_250_000n);
    for (const text of ['NaN', '1e400', '-1', '']) {
      expect(() => readDecimal('price', text, 6, { min: 1n })).toThrow(invalid('price'));
    }
  });
});

describe('readLine', () => {
  it('drops spaces around the text and counts characters, not code units', () => {
    expect(readLine('name', '  weekly 📈 ', { min: 1, max: 8 })).toBe('weekly 📈');
  });

  it('refuses lengths out of bounds, further lines and what is no text', () => {
    for (const text of ['', '  ', 'x'.repeat(9), 'a\nb', 'a\u2028b', '\ud800']) {
      expect(() => readLine('name', text, { min: 1, max: 8 })).toThrow(invalid('name'));
    }
  });
});
