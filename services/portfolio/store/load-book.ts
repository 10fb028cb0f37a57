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
    `SELECT account_id, NULL AS symbol, amount_micros, NULL::bigint AS quantity_micros, NULL::bigint AS cost_micros,
       NULL::bigint AS realized_micros
     FROM unnest($1::text[]) AS key (account_id) JOIN cash USING (account_id)
     UNION ALL
     SELECT account_id, symbol, NULL, quantity_micros, cost_micros, realized_micros
     FROM unnest($2::text[], $3::text[]) AS key (account_id, symbol) JOIN position USING (account_id, symbol)`,
    [
      textArray(keys.accountIds),
      textArray(keys.positions.map(({ accountId }) => accountId)),
      textArray(keys.positions.map(({ symbol }) => symbol)),
    ],
  );
  for (const { account_id: accountId, symbol, ...row } of rows) {
    if (symbol === null) book.cash.set(accountId, row.amount_micros);
    else {
      const { quantity_micros: quantityMicros, cost_micros: costMicros, realized_micros: realizedMicros } = row;
      setPosition(book, { accountId, symbol }, { quantityMicros, costMicros, realizedMicros });
    }
  }
  return book;
}

type Row = {
  account_id: string;
  /** Null for cash. */
  symbol: string | null;
  amount_micros: bigint;
  quantity_micros: bigint;
  cost_micros: bigint;
  realized_micros: bigint;
};
