import type { Sql } from '#platform/postgres/sql.ts';
import type { Book } from '../domain/book.ts';

/** Writes every holding of the book. */
export async function saveBook(tx: Sql, book: Book): Promise<void> {
  await saveCash(tx, [...book.cash]);
  const rows = [...book.positions].flatMap(([accountId, ofAccount]) =>
    [...ofAccount].map(([symbol, position]) => ({ accountId, symbol, ...position })),
  );
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO position (account_id, symbol, quantity_micros, cost_cents, realized_cents)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[])
     ON CONFLICT (account_id, symbol) DO UPDATE SET
       quantity_micros = excluded.quantity_micros,
       cost_cents = excluded.cost_cents,
       realized_cents = excluded.realized_cents`,
    [
      rows.map(({ accountId }) => accountId),
      rows.map(({ symbol }) => symbol),
      rows.map(({ quantityMicros }) => quantityMicros),
      rows.map(({ costCents }) => costCents),
      rows.map(({ realizedCents }) => realizedCents),
    ],
  );
}

async function saveCash(tx: Sql, rows: [accountId: string, amountCents: bigint][]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO cash (account_id, amount_cents)
     SELECT * FROM unnest($1::text[], $2::bigint[])
     ON CONFLICT (account_id) DO UPDATE SET amount_cents = excluded.amount_cents`,
    [rows.map(([accountId]) => accountId), rows.map(([, amountCents]) => amountCents)],
  );
}
