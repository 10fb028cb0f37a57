/** Service identity without a mesh: a short-lived token signed with the service's own key. */
import { type CryptoKey, importJWK, SignJWT } from 'jose';
import { serviceTokenAudience } from './claims.ts';
import { isKeyOf, type ServiceKeys } from './service-keys.ts';

/** Gives the calling service's current token. Rejects when there is none and no key can be read. */
export type ServiceTokenSource = () => Promise<string>;

const lifetimeMs = 300_000;
// Renewed well before its end, so that no call travels with a token that expires on the way.
const renewBeforeMs = 60_000;
const retryAfterMs = 5_000;

/**
 * Signs tokens for `serviceName`: EdDSA, five minutes, one token reused for four. The key is read for each token, so that a new one is in use within four
 * minutes; while it cannot be read, the token in use stays until its end.
 */
export function createServiceTokenSource(
  serviceName: string,
  { readOwn }: Pick<ServiceKeys, 'readOwn'>,
): ServiceTokenSource {
  let current: { token: Promise<string>; expireTimeMs: number } | undefined;
  let renewTimeMs = 0;
  const renew = (nowMs: number): Promise<string> => {
    const last = current;
    const expireTimeMs = nowMs + lifetimeMs;
    const token = sign(serviceName, readOwn, nowMs).catch((error) => {
      renewTimeMs = nowMs + retryAfterMs;
      current = last;
      if (last !== undefined && nowMs < last.expireTimeMs) return last.token;
      current = undefined;
      throw error;
    });
    renewTimeMs = expireTimeMs - renewBeforeMs;
    current = { token, expireTimeMs };
    return token;
  };
  return () => {
    const nowMs = Date.now();
    if (current === undefined || nowMs >= renewTimeMs) return renew(nowMs);
    return current.token;
  };
}

async function sign(serviceName: string, readOwn: ServiceKeys['readOwn'], nowMs: number): Promise<string> {
  const [jwk] = (await readOwn()).keys;
  const kid = jwk?.kid ?? '';
  if (jwk === undefined || !isKeyOf(serviceName, kid))
    throw new Error(`there is no key of ${serviceName} to sign with`);
  const { kty, crv, x, d } = jwk;
  const key = (await importJWK({ kty, crv, x, d } as typeof jwk, 'EdDSA')) as CryptoKey;
  const nowSeconds = Math.floor(nowMs / 1_000);
  return new SignJWT({})
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid })
    .setIssuer(serviceName)
    .setAudience(serviceTokenAudience)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + lifetimeMs / 1_000)
    .sign(key);
}
