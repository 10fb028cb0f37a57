import type { Sql } from '#platform/postgres/sql.ts';
import { type Book, createBook, type PositionKey, setPosition } from '../domain/book.ts';

/** The holdings that are named, as they are before the entries; what has no row is absent. */
export async function loadBook(
  tx: Sql,
  keys: { accountIds: readonly string[]; positions: readonly PositionKey[] },
): Promise<Book> {
  const book = createBook();
  const cash = await tx.query<{ account_id: string; amount_cents: bigint }>(
    'SELECT account_id, amount_cents FROM cash WHERE account_id = ANY ($1)',
    [keys.accountIds],
  );
  for (const row of cash.rows) book.cash.set(row.account_id, row.amount_cents);
  const positions = await tx.query<PositionRow>(
    `SELECT account_id, symbol, quantity_micros, cost_cents, realized_cents
     FROM unnest($1::text[], $2::text[]) AS key (account_id, symbol) JOIN position USING (account_id, symbol)`,
    [keys.positions.map(({ accountId }) => accountId), keys.positions.map(({ symbol }) => symbol)],
  );
  for (const row of positions.rows) {
    setPosition(
      book,
      { accountId: row.account_id, symbol: row.symbol },
      { quantityMicros: row.quantity_micros, costCents: row.cost_cents, realizedCents: row.realized_cents },
    );
  }
  return book;
}

type PositionRow = {
  account_id: string;
  symbol: string;
  quantity_micros: bigint;
  cost_cents: bigint;
  realized_cents: bigint;
};
