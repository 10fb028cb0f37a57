/** Access tokens: JWTs that every service verifies by itself with the published keys. */
import { SignJWT } from 'jose';
import { userTokenIssuer } from '#platform/auth/claims.ts';
import type { Account } from '../domain/account.ts';
import { type ApiKey, keyTokenLifetimeMs } from '../domain/api-key.ts';
import { accessLifetimeMs } from '../domain/session.ts';
import type { KeyRing } from './key-ring.ts';

/** A signed token and its end. */
export type AccessToken = { token: string; expireTime: Date };

/** Signs a token for the account: for ten minutes, or with the scopes of an API key for two. House accounts and keys have no session. */
export async function signAccessToken(
  keys: KeyRing,
  options: { account: Account; sessionId?: string | undefined; key?: Pick<ApiKey, 'keyId' | 'scopes'>; nowMs: number },
): Promise<AccessToken> {
  const { account, sessionId, key, nowMs } = options;
  const { kid, privateKey } = await keys.signingKey();
  const issuedSeconds = Math.floor(nowMs / 1_000);
  const expireSeconds = issuedSeconds + (key === undefined ? accessLifetimeMs : keyTokenLifetimeMs) / 1_000;
  const token = await new SignJWT({
    roles: account.roles,
    ...(account.email !== null && { email: account.email }),
    ...(sessionId !== undefined && { sid: sessionId }),
    ...(account.houseName !== null && { house: true }),
    ...(key !== undefined && { key: { id: key.keyId, scopes: key.scopes } }),
  })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid })
    .setIssuer(userTokenIssuer)
    .setAudience(userTokenIssuer)
    .setSubject(account.accountId)
    .setIssuedAt(issuedSeconds)
    .setExpirationTime(expireSeconds)
    .sign(privateKey);
  return { token, expireTime: new Date(expireSeconds * 1_000) };
}
