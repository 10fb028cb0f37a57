/** How an API key lies in its row. */
import type { ApiKey, KeyScope } from '../domain/api-key.ts';

/** The columns of a key without its hash and salt, as `ApiKeyRow` has them. */
export const apiKeyColumns = `key_id, account_id, prefix, name, scopes, allowed_networks, calls_per_second_max,
  create_time, expire_time, revoke_time, last_use_time, last_use_address`;

/** One row of `apiKeyColumns`. */
export type ApiKeyRow = {
  key_id: string;
  account_id: string;
  prefix: string;
  name: string;
  scopes: KeyScope[];
  allowed_networks: string[];
  calls_per_second_max: number;
  create_time: Date;
  expire_time: Date | null;
  revoke_time: Date | null;
  last_use_time: Date | null;
  last_use_address: string | null;
};

/** The key of a row. */
export function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    keyId: row.key_id,
    accountId: row.account_id,
    prefix: row.prefix,
    name: row.name,
    scopes: row.scopes,
    allowedNetworks: row.allowed_networks,
    callsPerSecondMax: row.calls_per_second_max,
    createTime: row.create_time,
    expireTime: row.expire_time ?? undefined,
    revokeTime: row.revoke_time ?? undefined,
    lastUseTime: row.last_use_time ?? undefined,
    lastUseAddress: row.last_use_address ?? '',
  };
}
