import type { Sql } from '#platform/postgres/database.ts';
import { type ApiKey, useNotedEveryMs } from '../domain/api-key.ts';
import { type ApiKeyRow, apiKeyColumns, toApiKey } from './api-key-row.ts';

/** What an account has already: keys that are not revoked, all that are stored, and whether one of the first has the name. */
export async function countKeys(
  tx: Sql,
  accountId: string,
  name: string,
): Promise<{ liveCount: number; storedCount: number; isNameTaken: boolean }> {
  const { rows } = await tx.query<{ live_count: number; stored_count: number; is_name_taken: boolean | null }>(
    `SELECT count(*) FILTER (WHERE revoke_time IS NULL)::int AS live_count, count(*)::int AS stored_count,
       bool_or(revoke_time IS NULL AND name = $2) AS is_name_taken
     FROM api_key WHERE account_id = $1`,
    [accountId, name],
  );
  const row = rows[0];
  return {
    liveCount: row?.live_count ?? 0,
    storedCount: row?.stored_count ?? 0,
    isNameTaken: row?.is_name_taken ?? false,
  };
}

/** Adds a key. The account's row is locked, so that its keys are counted one call after the other. */
export async function insertApiKey(tx: Sql, key: ApiKey, secret: { hash: Buffer; salt: Buffer }): Promise<void> {
  await tx.query(
    `INSERT INTO api_key (key_id, account_id, prefix, secret_hash, repeat_salt, name, scopes, allowed_networks,
       calls_per_second_max, create_time, expire_time) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      key.keyId,
      key.accountId,
      key.prefix,
      secret.hash,
      secret.salt,
      key.name,
      key.scopes,
      key.allowedNetworks,
      key.callsPerSecondMax,
      key.createTime,
      key.expireTime,
    ],
  );
}

/** Ends a key of the account; one that was revoked stays as it is. Undefined when the account has none of this id. */
export async function revokeKey(
  sql: Sql,
  options: { accountId: string; keyId: string; nowMs: number },
): Promise<ApiKey | undefined> {
  const { rows } = await sql.query<ApiKeyRow>(
    `UPDATE api_key SET revoke_time = coalesce(revoke_time, $3), repeat_salt = NULL
     WHERE key_id = $2 AND account_id = $1 RETURNING ${apiKeyColumns}`,
    [options.accountId, options.keyId, new Date(options.nowMs)],
  );
  return rows[0] && toApiKey(rows[0]);
}

/** Notes that a key is used, unless that was noted within the last minute. */
export async function noteKeyUse(
  sql: Sql,
  options: { keyId: string; nowMs: number; address: string | undefined },
): Promise<void> {
  const { keyId, nowMs, address } = options;
  await sql.query(
    `UPDATE api_key SET last_use_time = $2, last_use_address = $4
     WHERE key_id = $1 AND (last_use_time IS NULL OR last_use_time <= $3)`,
    [keyId, new Date(nowMs), new Date(nowMs - useNotedEveryMs), address],
  );
}
