import { textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { type Book, createBook, type PositionKey, setPosition } from '../domain/book.ts';

/** The holdings that are named, as they are before the entries; what has no row is absent. */
export async function loadBook(
  tx: Sql,
  keys: { accountIds: readonly string[]; positions: readonly PositionKey[] },
): Promise<Book> {
  const book = createBook();
  const { rows } = await tx.query<Row>(
    `SELECT account_id, NULL AS symbol, amount_cents, NULL::bigint AS quantity_micros, NULL::bigint AS cost_cents,
       NULL::bigint AS realized_cents
     FROM unnest($1::text[]) AS key (account_id) JOIN cash USING (account_id)
     UNION ALL
     SELECT account_id, symbol, NULL, quantity_micros, cost_cents, realized_cents
     FROM unnest($2::text[], $3::text[]) AS key (account_id, symbol) JOIN position USING (account_id, symbol)`,
    [
      textArray(keys.accountIds),
      textArray(keys.positions.map(({ accountId }) => accountId)),
      textArray(keys.positions.map(({ symbol }) => symbol)),
    ],
  );
  for (const { account_id: accountId, symbol, ...row } of rows) {
    if (symbol === null) book.cash.set(accountId, row.amount_cents);
    else {
      const { quantity_micros: quantityMicros, cost_cents: costCents, realized_cents: realizedCents } = row;
      setPosition(book, { accountId, symbol }, { quantityMicros, costCents, realizedCents });
    }
  }
  return book;
}

type Row = {
  account_id: string;
  /** Null for cash. */
  symbol: string | null;
  amount_cents: bigint;
  quantity_micros: bigint;
  cost_cents: bigint;
  realized_cents: bigint;
};
