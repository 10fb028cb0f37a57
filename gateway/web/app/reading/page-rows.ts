/** Rows of a paged list, as they come page by page. */

/** A page of a list. */
export type RowPage<Row> = { rows: readonly Row[]; nextPageToken: string };

/** The rows so far. `nextPageToken` undefined: no page was read yet; empty: all were. */
export type PageRows<Row> = { rows: readonly Row[]; nextPageToken: string | undefined };

/** Rows that a list shows at most. */
export const rowsMax = 10_000;

/** The rows with those of a further page, each once; at most 10,000, after which there is no further page. */
export function withPage<Row>(known: PageRows<Row>, page: RowPage<Row>, keyOf: (row: Row) => string): PageRows<Row> {
  const keys = new Set(known.rows.map(keyOf));
  const rows = [...known.rows, ...page.rows.filter((row) => !keys.has(keyOf(row)))].slice(0, rowsMax);
  return { rows, nextPageToken: rows.length >= rowsMax ? '' : page.nextPageToken };
}

/**
 * The rows with those of the newest page in front: what it has anew is added, what it has in another state takes the place of the old. Where
 * none of a full page was known, there may be others between: the list begins anew.
 */
export function withNewest<Row>(known: PageRows<Row>, page: RowPage<Row>, keyOf: (row: Row) => string): PageRows<Row> {
  if (known.nextPageToken === undefined) return page;
  const fresh = new Set(page.rows.map(keyOf));
  const old = known.rows.filter((row) => !fresh.has(keyOf(row)));
  if (old.length === known.rows.length && page.nextPageToken !== '') return page;
  return { rows: [...page.rows, ...old].slice(0, rowsMax), nextPageToken: known.nextPageToken };
}

/** How a list takes the new state of a row. `hasMore`: there are older rows that were not read. */
export type WithChange<Row> = (rows: readonly Row[], changed: Row, hasMore: boolean) => readonly Row[];

/** The rows with the new state of one; a list of which nothing was read stays so. */
export function withChanged<Row>(known: PageRows<Row>, row: Row, withChange: WithChange<Row>): PageRows<Row> {
  const { rows, nextPageToken } = known;
  if (nextPageToken === undefined) return known;
  return { rows: withChange(rows, row, nextPageToken !== '').slice(0, rowsMax), nextPageToken };
}
