import type { Sql } from '#platform/postgres/sql.ts';
import type { TransferStatus } from '../domain/transfer.ts';

/** Sets the status of a transfer. */
export async function updateTransferStatus(tx: Sql, transferId: string, status: TransferStatus): Promise<void> {
  await tx.query('UPDATE transfer SET status = $2 WHERE transfer_id = $1', [transferId, status]);
}
