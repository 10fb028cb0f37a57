import { describe, expect, it } from 'vitest';
import { type PageRows, rowsMax, withNewest, withPage } from './page-rows.ts';

type Row = { id: string; state: string };
const row = (id: string, state = 'open'): Row => ({ id, state });
const keyOf = ({ id }: Row) => id;
const none: PageRows<Row> = { rows: [], nextPageToken: undefined };

describe('withPage', () => {
  it('adds a page at the end, each row once', () => {
    const first = withPage(none, { rows: [row('c'), row('b')], nextPageToken: 'n' }, keyOf);
    const both = withPage(first, { rows: [row('b'), row('a')], nextPageToken: '' }, keyOf);
    expect(both.rows.map(keyOf)).toEqual(['c', 'b', 'a']);
    expect(both.nextPageToken).toBe('');
  });

  it('ends at 10,000 rows', () => {
    const rows = Array.from({ length: rowsMax + 1 }, (_, index) => row(String(index)));
    const full = withPage(none, { rows, nextPageToken: 'more' }, keyOf);
    expect([full.rows.length, full.nextPageToken]).toEqual([rowsMax, '']);
  });
});

describe('withNewest', () => {
  it('puts new rows in front, and the new state of a row in place of the old', () => {
    const known = { rows: [row('b'), row('a')], nextPageToken: 'older' };
    const next = withNewest(known, { rows: [row('c'), row('b', 'filled')], nextPageToken: 'x' }, keyOf);
    expect(next.rows).toEqual([row('c'), row('b', 'filled'), row('a')]);
    expect(next.nextPageToken).toBe('older');
  });
});
