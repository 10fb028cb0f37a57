/** When transfers are taken to their provider: due ones by the job, a new one by the call that made it. */
import type { Sql } from '#platform/postgres/sql.ts';
import type { StoredTransfer } from '../../domain/transfer.ts';
import { type TransferRow, toTransfer, transferColumns } from '../read-transfers.ts';

/** Attempts in a row without an answer after which a transfer is stuck. The indexes of migration 0006 state it too. */
export const attemptsMax = 12;

/** Who attempts, and until when no other attempt of the same transfer begins. */
export type Attempt = {
  /** The provider of a transfer that has none yet. */
  provider: string;
  now: Date;
  until: Date;
};

const begun = `attempts = attempts + 1, next_attempt_time = $3, provider = coalesce(provider, $1),
  progress = CASE progress WHEN 'created' THEN 'requested' ELSE progress END`;

/** Begins an attempt of a transfer that its provider does not have yet; undefined when there is nothing to do, or when another is under way. */
export async function beginAttempt(
  sql: Sql,
  transferId: string,
  { provider, now, until }: Attempt,
): Promise<StoredTransfer | undefined> {
  const { rows } = await sql.query<TransferRow>(
    `UPDATE transfer SET ${begun}
     WHERE transfer_id = $4 AND status = 'pending' AND progress <> 'accepted'
       AND (attempts = 0 OR (attempts < ${attemptsMax} AND next_attempt_time <= $2))
     RETURNING ${transferColumns}`,
    [provider, now, until, transferId],
  );
  return rows[0] && toTransfer(rows[0]);
}

const claim = (condition: string) => `
  UPDATE transfer SET ${begun}
  WHERE transfer_id = ANY (ARRAY(
    SELECT transfer_id FROM transfer WHERE status = 'pending' AND ${condition} AND next_attempt_time <= $2
    ORDER BY next_attempt_time LIMIT $4 FOR UPDATE SKIP LOCKED))
  RETURNING ${transferColumns}`;

const claims = { due: claim(`attempts < ${attemptsMax}`), stuck: claim(`attempts >= ${attemptsMax}`) };

/** Begins attempts of pending transfers whose time has come, the longest due first: none waits behind those that never settle. */
export async function claimAttempts(
  sql: Sql,
  which: keyof typeof claims,
  { provider, now, until, limit }: Attempt & { limit: number },
): Promise<StoredTransfer[]> {
  const { rows } = await sql.query<TransferRow>(claims[which], [provider, now, until, limit]);
  return rows.map(toTransfer);
}

/** Ends an attempt without an answer, unless another one has begun since: the next is made at `next`. */
export async function endAttempt(sql: Sql, { transferId, attempts }: StoredTransfer, next: Date): Promise<void> {
  await sql.query(
    `UPDATE transfer SET next_attempt_time = $3 WHERE transfer_id = $1 AND status = 'pending' AND attempts = $2`,
    [transferId, attempts, next],
  );
}
