import type { Sql } from '#platform/postgres/sql.ts';
import type { Gain } from '../domain/book.ts';

/** Adds the gains of a run of entries. */
export async function insertGains(tx: Sql, gains: readonly Gain[]): Promise<void> {
  if (gains.length === 0) return;
  await tx.query(
    `INSERT INTO realized_gain (account_id, sequence, trade_id, symbol, quantity_micros, proceeds_cents, cost_cents,
       gain_cents, gain_time)
     SELECT account_id, sequence, trade_id, symbol, quantity_micros, proceeds_cents, cost_cents, gain_cents,
       to_timestamp(time_ms / 1000.0)
     FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[],
       $8::bigint[], $9::bigint[]) AS gain (account_id, sequence, trade_id, symbol, quantity_micros, proceeds_cents,
       cost_cents, gain_cents, time_ms)`,
    [
      gains.map(({ accountId }) => accountId),
      gains.map(({ sequence }) => sequence),
      gains.map(({ tradeId }) => tradeId),
      gains.map(({ symbol }) => symbol),
      gains.map(({ quantityMicros }) => quantityMicros),
      gains.map(({ proceedsCents }) => proceedsCents),
      gains.map(({ costCents }) => costCents),
      gains.map(({ gainCents }) => gainCents),
      gains.map(({ timeMs }) => timeMs),
    ],
  );
}
