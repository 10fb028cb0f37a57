import { uuidV7Floor } from '#platform/ids/uuid-v7.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { StoredTransfer, TransferKind, TransferStatus } from '../domain/transfer.ts';
import { type TransferRow, toTransfer, transferColumns } from './read-transfers.ts';

/** Which transfers of an account to list; what is absent lets all pass. */
export type TransferFilter = {
  kind?: TransferKind | undefined;
  status?: TransferStatus | undefined;
  /** Bounds of the request, Unix milliseconds: at this time or later, and before that one. */
  fromMs?: number | undefined;
  untilMs?: number | undefined;
  /** Default false: newest first. */
  oldestFirst?: boolean;
};

const idMin = '00000000-0000-0000-0000-000000000000';
const idMax = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

// Ids begin with the time of the request.
const listSql = (sort: 'ASC' | 'DESC') => `
  SELECT ${transferColumns} FROM transfer
  WHERE account_id = $1 AND transfer_id > $2 AND transfer_id < $3
    AND ($4::text IS NULL OR kind = $4) AND ($5::text IS NULL OR status = $5)
  ORDER BY transfer_id ${sort} LIMIT $6`;
const [newestSql, oldestSql] = [listSql('DESC'), listSql('ASC')];

/** An account's transfers after one in the sequence of the filter; `after` undefined: from the first. */
export async function listTransfers(
  sql: Sql,
  accountId: string,
  { kind, status, fromMs, untilMs, oldestFirst = false }: TransferFilter,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<StoredTransfer[]> {
  const low = (oldestFirst ? after : undefined) ?? (fromMs === undefined ? idMin : uuidV7Floor(fromMs));
  const high = (oldestFirst ? undefined : after) ?? (untilMs === undefined ? idMax : uuidV7Floor(untilMs));
  const values = [accountId, low, high, kind ?? null, status ?? null, limit];
  const { rows } = await sql.query<TransferRow>(oldestFirst ? oldestSql : newestSql, values);
  return rows.map(toTransfer);
}
