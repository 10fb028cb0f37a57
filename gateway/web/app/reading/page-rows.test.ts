import { describe, expect, it } from 'vitest';
import { type PageRows, rowsMax, withChanged, withNewest, withPage } from './page-rows.ts';

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

  it('begins anew where others may be between the page and the rows', () => {
    const known = { rows: [row('b'), row('a')], nextPageToken: '' };
    const page = { rows: [row('z'), row('y')], nextPageToken: 'x' };
    expect(withNewest(known, page, keyOf)).toEqual(page);
    expect(withNewest(known, { ...page, nextPageToken: '' }, keyOf).rows.map(keyOf)).toEqual(['z', 'y', 'b', 'a']);
  });
});

describe('withChanged', () => {
  const first = (rows: readonly Row[], changed: Row) => [changed, ...rows];

  it('says whether there are older rows, and is at most as long as a list may be', () => {
    const hadMore: boolean[] = [];
    const note = (rows: readonly Row[], changed: Row, hasMore: boolean) => {
      hadMore.push(hasMore);
      return first(rows, changed);
    };
    const rows = Array.from({ length: rowsMax }, (_, index) => row(String(index)));
    expect(withChanged({ rows, nextPageToken: '' }, row('new'), note).rows).toHaveLength(rowsMax);
    withChanged({ rows: [], nextPageToken: 'more' }, row('new'), note);
    expect(hadMore).toEqual([false, true]);
  });

  it('leaves a list as it is of which nothing was read', () => {
    expect(withChanged(none, row('a'), first)).toBe(none);
  });
});
