import type { Sql } from '#platform/postgres/sql.ts';
import type { StoredTransfer, TransferKind, TransferStage, TransferStatus } from '../domain/transfer.ts';

/** A row of `transferColumns`. */
export type TransferRow = {
  transfer_id: string;
  account_id: string;
  kind: TransferKind;
  amount_micros: bigint;
  status: TransferStatus;
  create_time: Date;
  stage: TransferStage;
  provider: string | null;
  payment_id: string | null;
  attempts: number;
};

/** What a statement selects of the table `transfer`. */
export const transferColumns = `transfer_id, account_id, kind, amount_micros, status, create_time, provider, payment_id, attempts,
  CASE status WHEN 'pending' THEN progress WHEN 'completed' THEN 'completed' ELSE CASE WHEN refused THEN 'refused' ELSE 'failed' END END
    AS stage`;

/** The transfer; undefined when there is none. */
export async function readTransfer(sql: Sql, transferId: string): Promise<StoredTransfer | undefined> {
  return first(
    await sql.query<TransferRow>(`SELECT ${transferColumns} FROM transfer WHERE transfer_id = $1`, [transferId]),
  );
}

/** Those of the transfers that exist, in no order; at most 200 ids. */
export async function readTransfers(sql: Sql, transferIds: readonly string[]): Promise<StoredTransfer[]> {
  const { rows } = await sql.query<TransferRow>(
    `SELECT ${transferColumns} FROM transfer WHERE transfer_id = ANY ($1::uuid[])`,
    [transferIds],
  );
  return rows.map(toTransfer);
}

/** As `readTransfer`, and locks it until the transaction ends. */
export async function lockTransfer(tx: Sql, transferId: string): Promise<StoredTransfer | undefined> {
  return first(
    await tx.query<TransferRow>(`SELECT ${transferColumns} FROM transfer WHERE transfer_id = $1 FOR UPDATE`, [
      transferId,
    ]),
  );
}

/** The newest transfer of an account under a key; undefined when there is none. */
export async function readTransferByKey(sql: Sql, accountId: string, key: string): Promise<StoredTransfer | undefined> {
  return first(
    await sql.query<TransferRow>(
      `SELECT ${transferColumns} FROM transfer WHERE account_id = $1 AND idempotency_key = $2
       ORDER BY create_time DESC LIMIT 1`,
      [accountId, key],
    ),
  );
}

function first({ rows }: { rows: TransferRow[] }): StoredTransfer | undefined {
  return rows[0] && toTransfer(rows[0]);
}

/** The transfer of a row. */
export function toTransfer(row: TransferRow): StoredTransfer {
  return {
    transferId: row.transfer_id,
    accountId: row.account_id,
    kind: row.kind,
    amountMicros: row.amount_micros,
    status: row.status,
    createTimeMs: row.create_time.getTime(),
    stage: row.stage,
    provider: row.provider ?? undefined,
    paymentId: row.payment_id ?? undefined,
    attempts: row.attempts,
  };
}
