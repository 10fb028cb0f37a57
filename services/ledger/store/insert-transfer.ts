import type { Sql } from '#platform/postgres/sql.ts';
import type { Transfer } from '../domain/transfer.ts';

/** Stores a new transfer with its idempotency key. A pending one is taken up by the job from `firstAttempt` on, default at once. */
export async function insertTransfer(
  tx: Sql,
  transfer: Transfer,
  idempotencyKey: string,
  firstAttempt = new Date(transfer.createTimeMs),
): Promise<void> {
  await tx.query(
    `INSERT INTO transfer (transfer_id, account_id, kind, amount_micros, status, idempotency_key, create_time, next_attempt_time)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      transfer.transferId,
      transfer.accountId,
      transfer.kind,
      transfer.amountMicros,
      transfer.status,
      idempotencyKey,
      new Date(transfer.createTimeMs),
      firstAttempt,
    ],
  );
}
