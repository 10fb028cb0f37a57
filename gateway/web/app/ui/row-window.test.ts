import { describe, expect, it } from 'vitest';
import { movedCell, rowWindow } from './row-window.ts';

describe('rowWindow', () => {
  it('has all of a short table, and a part of a long one', () => {
    expect(rowWindow({ count: 100, rowHeight: 22, scrollTop: 0, height: 220 })).toEqual({ first: 0, end: 100 });
    expect(rowWindow({ count: 10_000, rowHeight: 22, scrollTop: 22 * 500, height: 220 })).toEqual({
      first: 490,
      end: 521,
    });
  });

  it('stays inside of the table at both ends', () => {
    expect(rowWindow({ count: 200, rowHeight: 22, scrollTop: 0, height: 220 }).first).toBe(0);
    expect(rowWindow({ count: 200, rowHeight: 22, scrollTop: 1e9, height: 220 })).toEqual({ first: 189, end: 200 });
  });
});

describe('movedCell', () => {
  const size = { rows: 5, columns: 3, pageRows: 4 };

  it('moves by arrows and pages, and stays inside', () => {
    expect(movedCell('ArrowDown', { row: 4, column: 0 }, size)).toEqual({ row: 4, column: 0 });
    expect(movedCell('ArrowRight', { row: 1, column: 1 }, size)).toEqual({ row: 1, column: 2 });
    expect(movedCell('PageUp', { row: 3, column: 1 }, size)).toEqual({ row: 0, column: 1 });
    expect(movedCell('End', { row: 0, column: 1 }, size)).toEqual({ row: 4, column: 1 });
  });

  it('leaves other keys alone', () => {
    expect(movedCell('a', { row: 0, column: 0 }, size)).toBe(undefined);
  });
});
