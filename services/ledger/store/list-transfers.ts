import type { Sql } from '#platform/postgres/sql.ts';
import type { StoredTransfer, TransferKind, TransferStatus } from '../domain/transfer.ts';
import { type TransferRow, toTransfer, transferColumns } from './read-transfers.ts';

/** Which transfers of an account to list; absent: of any kind and status. */
export type TransferFilter = { kind?: TransferKind | undefined; status?: TransferStatus | undefined };

const newest = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** An account's transfers before one, newest first; `before` undefined: from the newest. */
export async function listTransfers(
  sql: Sql,
  accountId: string,
  { kind, status }: TransferFilter,
  { before = newest, limit }: { before?: string | undefined; limit: number },
): Promise<StoredTransfer[]> {
  const { rows } = await sql.query<TransferRow>(
    `SELECT ${transferColumns} FROM transfer
     WHERE account_id = $1 AND transfer_id < $2 AND ($3::text IS NULL OR kind = $3) AND ($4::text IS NULL OR status = $4)
     ORDER BY transfer_id DESC LIMIT $5`,
    [accountId, before, kind ?? null, status ?? null, limit],
  );
  return rows.map(toTransfer);
}
