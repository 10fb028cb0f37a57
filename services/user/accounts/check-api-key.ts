import { createNetworkList } from '#platform/auth/networks.ts';
import type { UserDeps } from '../deps.ts';
import type { Account } from '../domain/account.ts';
import { type ApiKey, type KeyProblem, keyProblem } from '../domain/api-key.ts';
import { findAccount } from '../store/find-account.ts';
import { findApiKey } from '../store/find-api-key.ts';
import { noteKeyUse } from '../store/write-api-keys.ts';
import { isSecretOf, splitApiKey } from './api-key-secret.ts';

/** A good key with its owner, or what stands against it; that it was revoked or has expired is said to those who have its secret. */
export type KeyCheck = { key: ApiKey; account: Account } | { problem: KeyProblem | 'unknown' };

/** Looks a key up and notes its use, if it may be used from the address; whether it may is the caller's to decide. */
export async function checkApiKey(
  { db, nowMs }: Pick<UserDeps, 'db' | 'nowMs'>,
  apiKey: string,
  address: string | undefined,
): Promise<KeyCheck> {
  const parts = splitApiKey(apiKey);
  if (parts === undefined) return { problem: 'unknown' };
  const stored = await findApiKey(db, { prefix: parts.prefix });
  if (!isSecretOf(parts.secret, stored?.secretHash) || stored === undefined) return { problem: 'unknown' };
  const { key } = stored;
  const timeMs = nowMs();
  const problem = keyProblem(key, timeMs);
  if (problem !== undefined) return { problem };
  const account = await findAccount(db, key.accountId);
  if (account === undefined) return { problem: 'unknown' };
  if (mayUse(key, address)) await noteKeyUse(db, { keyId: key.keyId, nowMs: timeMs, address });
  return { key, account };
}

function mayUse({ allowedNetworks }: ApiKey, address: string | undefined): boolean {
  if (allowedNetworks.length === 0) return true;
  return address !== undefined && createNetworkList(allowedNetworks).has(address);
}
