import { plainArray, textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { Book, Gain } from '../domain/book.ts';

/**
 * Writes every holding of the book, adds the gains, and sends the payloads on the channel at the commit: one statement.
 *
 * The transaction does not wait for the disk. Should the server lose it, the position in the ledger's feed is lost with it, as both are rows
 * of one database: the consumer begins at the older position, and the ledger, which deletes nothing of its feed, sends the entries again. No reader
 * remembers what was lost: the audit waits until the position has reached its cut, and streams read the holdings anew.
 */
export async function saveHoldings(
  tx: Sql,
  changes: { book: Book; gains: readonly Gain[] },
  notices: { channel: string; payloads: readonly string[] },
): Promise<void> {
  await tx.query(
    `WITH saved_cash AS (
       INSERT INTO cash (account_id, amount_micros)
       SELECT * FROM unnest($1::text[], $2::bigint[])
       ON CONFLICT (account_id) DO UPDATE SET amount_micros = excluded.amount_micros
     ), saved_positions AS (
       INSERT INTO position (account_id, symbol, quantity_micros, cost_micros, realized_micros)
       SELECT * FROM unnest($3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[])
       ON CONFLICT (account_id, symbol) DO UPDATE SET
         quantity_micros = excluded.quantity_micros,
         cost_micros = excluded.cost_micros,
         realized_micros = excluded.realized_micros
     ), saved_gains AS (
       INSERT INTO realized_gain (account_id, sequence, trade_id, symbol, quantity_micros, proceeds_micros, cost_micros,
         gain_micros, gain_time)
       SELECT account_id, sequence, trade_id, symbol, quantity_micros, proceeds_micros, cost_micros, gain_micros,
         to_timestamp(time_ms / 1000.0)
       FROM unnest($8::text[], $9::bigint[], $10::text[], $11::text[], $12::bigint[], $13::bigint[], $14::bigint[],
         $15::bigint[], $16::bigint[]) AS gain (account_id, sequence, trade_id, symbol, quantity_micros, proceeds_micros,
         cost_micros, gain_micros, time_ms)
     )
     SELECT set_config('synchronous_commit', 'off', true), (SELECT count(pg_notify($17, payload)::text)
       FROM unnest($18::text[]) AS payload)`,
    [
      ...cashColumns(changes.book),
      ...positionColumns(changes.book),
      ...gainColumns(changes.gains),
      notices.channel,
      textArray(notices.payloads),
    ],
  );
}

function cashColumns({ cash }: Book): string[] {
  return [textArray([...cash.keys()]), plainArray([...cash.values()])];
}

function positionColumns({ positions }: Book): string[] {
  const rows = [...positions].flatMap(([accountId, ofAccount]) =>
    [...ofAccount].map(([symbol, position]) => ({ accountId, symbol, ...position })),
  );
  return [
    textArray(rows.map(({ accountId }) => accountId)),
    textArray(rows.map(({ symbol }) => symbol)),
    plainArray(rows.map(({ quantityMicros }) => quantityMicros)),
    plainArray(rows.map(({ costMicros }) => costMicros)),
    plainArray(rows.map(({ realizedMicros }) => realizedMicros)),
  ];
}

function gainColumns(gains: readonly Gain[]): string[] {
  return [
    textArray(gains.map(({ accountId }) => accountId)),
    plainArray(gains.map(({ sequence }) => sequence)),
    textArray(gains.map(({ tradeId }) => tradeId)),
    textArray(gains.map(({ symbol }) => symbol)),
    plainArray(gains.map(({ quantityMicros }) => quantityMicros)),
    plainArray(gains.map(({ proceedsMicros }) => proceedsMicros)),
    plainArray(gains.map(({ costMicros }) => costMicros)),
    plainArray(gains.map(({ gainMicros }) => gainMicros)),
    plainArray(gains.map(({ timeMs }) => timeMs)),
  ];
}
