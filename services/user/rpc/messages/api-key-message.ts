/** API keys as the contract shows them. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Scope } from '#gen/outcry/access/v1/access_pb.ts';
import type { ApiKeySchema } from '#gen/outcry/user/v1/api_key_pb.ts';
import { type KeyScope, keyScopes } from '#platform/auth/scopes.ts';
import type { ApiKey } from '../../domain/api-key.ts';

const numbers = new Map<KeyScope, Scope>([...keyScopes].map(([number, scope]) => [scope, number]));

/** The key as its owner sees it. */
export function apiKeyMessage(key: ApiKey): MessageInitShape<typeof ApiKeySchema> {
  const { keyId, prefix, name, allowedNetworks, callsPerSecondMax, lastUseAddress } = key;
  return {
    keyId,
    prefix,
    name,
    allowedNetworks,
    callsPerSecondMax,
    lastUseAddress,
    scopes: key.scopes.flatMap((scope) => numbers.get(scope) ?? []),
    createTime: timestampFromDate(key.createTime),
    expireTime: key.expireTime && timestampFromDate(key.expireTime),
    revokeTime: key.revokeTime && timestampFromDate(key.revokeTime),
    lastUseTime: key.lastUseTime && timestampFromDate(key.lastUseTime),
  };
}
