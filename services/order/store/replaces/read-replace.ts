import type { Sql } from '#platform/postgres/sql.ts';
import type { Replace } from '../../domain/replace.ts';
import { fromReplaceRow, type ReplaceRow, replaceColumns } from './replace-row.ts';

const byKeySql = `SELECT ${replaceColumns} FROM replaces
  WHERE account_id = $1 AND idempotency_key = $2 COLLATE "C" AND state <> 'stale'`;
const byIdSql = `SELECT ${replaceColumns} FROM replaces WHERE replace_id = $1`;

/** The change that was asked for under a key; undefined: none was. One that met a newer revision does not count. */
export async function findReplaceByKey(
  sql: Sql,
  { accountId, key }: Pick<Replace, 'accountId' | 'key'>,
): Promise<Replace | undefined> {
  const { rows } = await sql.query<ReplaceRow>(byKeySql, [accountId, key]);
  return rows.map(fromReplaceRow)[0];
}

/** The change as it is now; undefined once retention has deleted it. */
export async function readReplace(sql: Sql, replaceId: string): Promise<Replace | undefined> {
  const { rows } = await sql.query<ReplaceRow>(byIdSql, [replaceId]);
  return rows.map(fromReplaceRow)[0];
}
