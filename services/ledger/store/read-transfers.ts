import type { Sql } from '#platform/postgres/sql.ts';
import type { Transfer, TransferKind, TransferStatus } from '../domain/transfer.ts';

type TransferRow = {
  transfer_id: string;
  account_id: string;
  kind: TransferKind;
  amount_cents: bigint;
  status: TransferStatus;
  create_time: Date;
};

const columns = 'transfer_id, account_id, kind, amount_cents, status, create_time';

/** The transfer; undefined when there is none. */
export async function readTransfer(sql: Sql, transferId: string): Promise<Transfer | undefined> {
  return first(await sql.query<TransferRow>(`SELECT ${columns} FROM transfer WHERE transfer_id = $1`, [transferId]));
}

/** As `readTransfer`, and locks it until the transaction ends. */
export async function lockTransfer(tx: Sql, transferId: string): Promise<Transfer | undefined> {
  return first(
    await tx.query<TransferRow>(`SELECT ${columns} FROM transfer WHERE transfer_id = $1 FOR UPDATE`, [transferId]),
  );
}

/** The newest transfer of an account under a key; undefined when there is none. */
export async function readTransferByKey(sql: Sql, accountId: string, key: string): Promise<Transfer | undefined> {
  return first(
    await sql.query<TransferRow>(
      `SELECT ${columns} FROM transfer WHERE account_id = $1 AND idempotency_key = $2
       ORDER BY create_time DESC LIMIT 1`,
      [accountId, key],
    ),
  );
}

/** Pending transfers that were created before `before`, oldest first, at most `limit`. */
export async function readPendingTransfers(sql: Sql, before: Date, limit: number): Promise<Transfer[]> {
  const { rows } = await sql.query<TransferRow>(
    `SELECT ${columns} FROM transfer WHERE status = 'pending' AND create_time < $1 ORDER BY create_time LIMIT $2`,
    [before, limit],
  );
  return rows.map(toTransfer);
}

function first({ rows }: { rows: TransferRow[] }): Transfer | undefined {
  return rows[0] && toTransfer(rows[0]);
}

function toTransfer(row: TransferRow): Transfer {
  return {
    transferId: row.transfer_id,
    accountId: row.account_id,
    kind: row.kind,
    amountCents: row.amount_cents,
    status: row.status,
    createTimeMs: row.create_time.getTime(),
  };
}
