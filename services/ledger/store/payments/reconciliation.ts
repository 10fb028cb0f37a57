import type { Sql } from '#platform/postgres/sql.ts';
import type { StoredTransfer } from '../../domain/transfer.ts';
import { type TransferRow, toTransfer, transferColumns } from '../read-transfers.ts';

/** How far a provider's list is compared. */
export type ReconciliationPosition = {
  /** The round takes what changed since then, Unix milliseconds. */
  sinceMs: number;
  /** When the round began, Unix milliseconds. */
  roundMs: number;
  /** The next page of the round; empty between two rounds. */
  cursor: string;
};

/** The position; undefined before the first round. */
export async function readPosition(sql: Sql, provider: string): Promise<ReconciliationPosition | undefined> {
  const { rows } = await sql.query<{ since_time: Date; round_time: Date; cursor: string }>(
    'SELECT since_time, round_time, cursor FROM payment_reconciliation WHERE provider = $1',
    [provider],
  );
  const row = rows[0];
  return row && { sinceMs: row.since_time.getTime(), roundMs: row.round_time.getTime(), cursor: row.cursor };
}

/** Stores the position. */
export async function writePosition(sql: Sql, provider: string, position: ReconciliationPosition): Promise<void> {
  await sql.query(
    `INSERT INTO payment_reconciliation (provider, since_time, round_time, cursor) VALUES ($1, $2, $3, $4)
     ON CONFLICT (provider) DO UPDATE
       SET since_time = excluded.since_time, round_time = excluded.round_time, cursor = excluded.cursor`,
    [provider, new Date(position.sinceMs), new Date(position.roundMs), position.cursor],
  );
}

/** Notes that the provider's list has the transfers with the outcome that they have here. */
export async function markReconciled(sql: Sql, transferIds: readonly string[]): Promise<void> {
  if (transferIds.length === 0) return;
  await sql.query(
    `UPDATE transfer SET reconciled = true WHERE transfer_id = ANY ($1::uuid[]) AND status <> 'pending' AND NOT reconciled`,
    [transferIds],
  );
}

/** Finished transfers that should have been in the provider's list by now and were not, at most `limit`. */
export async function readUnreconciled(sql: Sql, now: Date, limit: number): Promise<StoredTransfer[]> {
  const { rows } = await sql.query<TransferRow>(
    `SELECT ${transferColumns} FROM transfer
     WHERE status <> 'pending' AND provider IS NOT NULL AND NOT reconciled AND next_attempt_time <= $1
     ORDER BY next_attempt_time LIMIT $2`,
    [now, limit],
  );
  return rows.map(toTransfer);
}

/** Compares a finished transfer again at `next`. */
export async function postponeReconciling(sql: Sql, transferId: string, next: Date): Promise<void> {
  await sql.query(`UPDATE transfer SET next_attempt_time = $2 WHERE transfer_id = $1 AND status <> 'pending'`, [
    transferId,
    next,
  ]);
}
