import { describe, expect, it } from 'vitest';
import { movedCell, rowParts, rowWindow } from './row-window.ts';

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

describe('rowParts', () => {
  const texts = (focused?: number) =>
    rowParts(1_000, { first: 100, end: 102 }, focused).map((part) =>
      part.kind === 'room' ? `room ${part.rows}` : `row ${part.index}`,
    );

  it('has the rows of the window between room for the others', () => {
    expect(texts()).toEqual(['room 100', 'row 100', 'row 101', 'room 898']);
    expect(texts(101)).toEqual(texts());
    expect(rowParts(2, { first: 0, end: 2 }, undefined)).toHaveLength(2);
  });

  it('has the row with the focus also above and below the window', () => {
    expect(texts(0)).toEqual(['row 0', 'room 99', 'row 100', 'row 101', 'room 898']);
    expect(texts(999)).toEqual(['room 100', 'row 100', 'row 101', 'room 897', 'row 999']);
    expect(texts(1_000)).toEqual(texts());
  });
});
