import type { Sql } from '#platform/postgres/sql.ts';
import type { FindingRule, PaymentFinding } from '../../domain/payment-check.ts';

/** A finding as it is stored; what is of its settlement is null while it is open. */
export type StoredFinding = PaymentFinding & {
  findingId: bigint;
  provider: string;
  findTime: Date;
  settleTime: Date | null;
  settleReason: string | null;
  settledBy: string | null;
};

/** How findings were settled with their provider, and by whose account. */
export type Settlement = { reason: string; settledBy: string; time: Date };

/** Stores a finding; false when the same rule has found the payment before. */
export async function insertFinding(tx: Sql, provider: string, finding: PaymentFinding, now: Date): Promise<boolean> {
  const { rule, paymentKey, expected, found } = finding;
  const { rowCount } = await tx.query(
    `INSERT INTO payment_finding (provider, rule, payment_key, expected, found, find_time) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (provider, rule, payment_key) DO NOTHING`,
    [provider, rule, paymentKey, expected, found, now],
  );
  return rowCount === 1;
}

type FindingRow = Omit<StoredFinding, 'rule'> & { rule: FindingRule };

/** Findings before one, newest first. */
export async function listFindings(
  sql: Sql,
  { before = 9_223_372_036_854_775_807n, limit }: { before?: bigint | undefined; limit: number },
): Promise<StoredFinding[]> {
  const { rows } = await sql.query<FindingRow>(
    `SELECT finding_id AS "findingId", provider, rule, payment_key AS "paymentKey", expected, found, find_time AS "findTime",
       settle_time AS "settleTime", settle_reason AS "settleReason", settled_by AS "settledBy"
     FROM payment_finding WHERE finding_id < $1 ORDER BY finding_id DESC LIMIT $2`,
    [before, limit],
  );
  return rows;
}

/** Settles those of the findings that are open; returns how many those are. */
export async function settleFindings(
  sql: Sql,
  findingIds: readonly bigint[],
  { reason, settledBy, time }: Settlement,
): Promise<number> {
  const { rowCount } = await sql.query(
    `UPDATE payment_finding SET settle_time = $2, settle_reason = $3, settled_by = $4
     WHERE finding_id = ANY($1::bigint[]) AND settle_time IS NULL`,
    [findingIds, time, reason, settledBy],
  );
  return rowCount ?? 0;
}
