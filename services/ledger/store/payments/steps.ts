/** The steps of a pending transfer. Each finds it pending or changes nothing. */
import type { Sql } from '#platform/postgres/sql.ts';

/** What the provider said of the payment. */
export type StepFacts = { transferId: string; provider: string; paymentId: string };

/** The provider has the payment. `isStuck`: it has had it for so long that it is asked seldom from now on. Returns whether it was pending. */
export async function acceptTransfer(
  tx: Sql,
  { transferId, provider, paymentId }: StepFacts,
  { next, attempts }: { next: Date; attempts: number },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE transfer SET progress = 'accepted', provider = $2, payment_id = $3, next_attempt_time = $4, attempts = $5
     WHERE transfer_id = $1 AND status = 'pending'`,
    [transferId, provider, paymentId, next, attempts],
  );
  return rowCount === 1;
}

/** The outcome is known; it is compared with the provider's list from `next` on. Returns whether the transfer was pending. */
export async function finishTransfer(
  tx: Sql,
  { transferId, provider, paymentId }: StepFacts,
  { status, isRefused, next }: { status: 'completed' | 'failed'; isRefused: boolean; next: Date },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE transfer SET status = $4, refused = $5, provider = $2, payment_id = $3, next_attempt_time = $6
     WHERE transfer_id = $1 AND status = 'pending'`,
    [transferId, provider, paymentId, status, isRefused, next],
  );
  return rowCount === 1;
}
