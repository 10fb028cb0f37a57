import type { Sql } from '#platform/postgres/sql.ts';
import type { StoredTransfer } from '../../domain/transfer.ts';
import { type TransferRow, toTransfer, transferColumns } from '../read-transfers.ts';
import { attemptsMax } from './attempts.ts';

const oldest = '00000000-0000-0000-0000-000000000000';
const condition = `status = 'pending' AND attempts >= ${attemptsMax}`;

/** Stuck transfers of all accounts after one, oldest first; `after` undefined: from the oldest. */
export async function listStuckTransfers(
  sql: Sql,
  { after = oldest, limit }: { after?: string | undefined; limit: number },
): Promise<StoredTransfer[]> {
  const { rows } = await sql.query<TransferRow>(
    `SELECT ${transferColumns} FROM transfer WHERE ${condition} AND transfer_id > $1 ORDER BY transfer_id LIMIT $2`,
    [after, limit],
  );
  return rows.map(toTransfer);
}

/** How many transfers are stuck, counted up to `max`. */
export async function countStuckTransfers(sql: Sql, max: number): Promise<number> {
  const { rows } = await sql.query<{ count: bigint }>(
    `SELECT count(*) AS count FROM (SELECT FROM transfer WHERE ${condition} LIMIT $1) AS stuck`,
    [max],
  );
  return Number(rows[0]?.count ?? 0);
}
