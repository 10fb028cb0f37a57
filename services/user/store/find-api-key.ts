import type { Sql } from '#platform/postgres/database.ts';
import type { ApiKey } from '../domain/api-key.ts';
import { type ApiKeyRow, apiKeyColumns, toApiKey } from './api-key-row.ts';

/** A key with what its secret is verified against, and derived from while that is possible. */
export type StoredApiKey = { key: ApiKey; secretHash: Buffer; repeatSalt: Buffer | undefined };

type Row = ApiKeyRow & { secret_hash: Buffer; repeat_salt: Buffer | null };

/** Finds a key by its prefix or its id. */
export async function findApiKey(
  sql: Sql,
  by: { prefix: string } | { keyId: string },
): Promise<StoredApiKey | undefined> {
  const [column, value] = 'prefix' in by ? ['prefix', by.prefix] : ['key_id', by.keyId];
  const { rows } = await sql.query<Row>(
    `SELECT ${apiKeyColumns}, secret_hash, repeat_salt FROM api_key WHERE ${column} = $1`,
    [value],
  );
  const row = rows[0];
  return row && { key: toApiKey(row), secretHash: row.secret_hash, repeatSalt: row.repeat_salt ?? undefined };
}

/** At most `limit` keys of an account before `beforeId`, newest first. */
export async function listAccountKeys(
  sql: Sql,
  options: { accountId: string; beforeId: string; limit: number },
): Promise<ApiKey[]> {
  const { rows } = await sql.query<ApiKeyRow>(
    `SELECT ${apiKeyColumns} FROM api_key WHERE account_id = $1 AND key_id < $2 ORDER BY key_id DESC LIMIT $3`,
    [options.accountId, options.beforeId, options.limit],
  );
  return rows.map(toApiKey);
}
