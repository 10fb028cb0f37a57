import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { alreadyExists, invalidArgument, permissionDenied, refused } from '#platform/errors/outcry-error.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Sql } from '#platform/postgres/database.ts';
import type { UserDeps } from '../deps.ts';
import type { Account } from '../domain/account.ts';
import { type ApiKey, expireTimeProblem, keysMax, storedKeysMax } from '../domain/api-key.ts';
import { publishApiKeyCreated } from '../events/published.ts';
import { findAccount } from '../store/find-account.ts';
import { countKeys, insertApiKey } from '../store/write-api-keys.ts';
import { createPrefix, createSalt, deriveSecret, hashSecret } from './api-key-secret.ts';
import { userNotFound } from './user-not-found.ts';

/** What the owner asks for; the fields are normalised. */
export type KeyTerms = Pick<
  ApiKey,
  'accountId' | 'name' | 'scopes' | 'allowedNetworks' | 'callsPerSecondMax' | 'expireTime'
>;

/**
 * Makes a key, publishes it and gives its id. Throws INVALID_ARGUMENT for an end that is too near or too far, ACCOUNT_CLOSED, ROLE_NOT_ALLOWED for
 * the scope admin without the role, API_KEYS_OVER_LIMIT and API_KEY_NAME_TAKEN.
 */
export async function makeApiKey(
  tx: Sql,
  deps: Pick<UserDeps, 'apiKeySecret' | 'nowMs'>,
  asked: KeyTerms & { idempotencyKey: string },
): Promise<string> {
  const { idempotencyKey, ...terms } = asked;
  const { accountId, name } = terms;
  const nowMs = deps.nowMs();
  const account = await findAccount(tx, accountId, { forUpdate: true });
  if (account === undefined) throw userNotFound();
  refuseTerms(account, terms, nowMs);
  refuseCount(await countKeys(tx, accountId, name), name);
  const prefix = createPrefix();
  const key: ApiKey = {
    ...terms,
    keyId: uuidV7(nowMs),
    prefix,
    createTime: new Date(nowMs),
    revokeTime: undefined,
    lastUseTime: undefined,
    lastUseAddress: '',
  };
  const salt = createSalt();
  const secret = deriveSecret(deps.apiKeySecret, { accountId, idempotencyKey, prefix, salt });
  await insertApiKey(tx, key, { hash: hashSecret(secret), salt });
  await publishApiKeyCreated(tx, key);
  return key.keyId;
}

function refuseTerms({ state, roles }: Account, { scopes, expireTime }: KeyTerms, nowMs: number): void {
  const problem = expireTimeProblem(expireTime, nowMs);
  if (problem !== undefined) throw invalidArgument('expire_time', problem);
  if (state === 'closed') throw refused(ErrorReason.ACCOUNT_CLOSED, 'the account is closed');
  if (scopes.includes('admin') && !roles.includes('operator') && !roles.includes('admin')) {
    throw permissionDenied(ErrorReason.ROLE_NOT_ALLOWED, 'the scope admin is for operators and administrators');
  }
}

function refuseCount({ liveCount, storedCount, isNameTaken }: Awaited<ReturnType<typeof countKeys>>, name: string) {
  if (isNameTaken) throw alreadyExists(ErrorReason.API_KEY_NAME_TAKEN, 'another key has this name', { name });
  const limit = storedCount >= storedKeysMax ? storedKeysMax : keysMax;
  if (liveCount < keysMax && storedCount < storedKeysMax) return;
  throw refused(ErrorReason.API_KEYS_OVER_LIMIT, `an account has at most ${limit} keys`, { limit: String(limit) });
}
