import { describe, expect, it } from 'vitest';
import { compareLengths, findGrowth } from './lengths.ts';

describe('compareLengths', () => {
  const compare = (length: number, exceptions: Record<string, number>): string[] =>
    compareLengths('lines', new Map([['a.ts', length]]), exceptions, 250);

  it('allows what is within the bound or exactly its exception', () => {
    expect(compare(250, {})).toEqual([]);
    expect(compare(300, { 'a.ts': 300 })).toEqual([]);
  });

  it('refuses what is over the bound or over its exception', () => {
    expect(compare(251, {})).toEqual(['a.ts has 251 lines, 250 are allowed']);
    expect(compare(301, { 'a.ts': 300 })).toEqual(['a.ts has 301 lines, 300 are allowed']);
  });

  it('asks that an exception shrinks with its file, and goes when it is no more needed', () => {
    expect(compare(290, { 'a.ts': 300 })[0]).toContain('write 290');
    expect(compare(100, { 'a.ts': 300 })[0]).toContain('remove its line');
    expect(compare(100, { 'gone.ts': 300 })[0]).toContain('remove its line');
  });
});

describe('findGrowth', () => {
  const none = { files: {}, functions: {} };

  it('refuses a new and a longer exception', () => {
    expect(findGrowth({ ...none, files: { 'a.ts': 300 } }, none)).toHaveLength(1);
    expect(findGrowth({ ...none, functions: { 'a.ts': 91 } }, { ...none, functions: { 'a.ts': 90 } })).toHaveLength(1);
  });

  it('allows a shorter one, and any where nothing is committed', () => {
    expect(findGrowth({ ...none, files: { 'a.ts': 280 } }, { ...none, files: { 'a.ts': 300 } })).toEqual([]);
    expect(findGrowth({ ...none, files: { 'a.ts': 280 } }, undefined)).toEqual([]);
  });
});
