/** Service identity without a mesh: a short-lived token signed with the shared secret. */
import { SignJWT } from 'jose';
import { serviceTokenAudience } from './claims.ts';

/** Gives the calling service's current token. */
export type ServiceTokenSource = () => Promise<string>;

const lifetimeMs = 300_000;
// Renewed well before its end, so that no call travels with a token that expires on the way.
const renewBeforeMs = 60_000;
const secretLengthMin = 32;

/** The HMAC key of a secret. Throws RangeError when the secret is shorter than 32 characters. */
export function serviceTokenKeyOf(secret: string): Uint8Array {
  if (secret.length < secretLengthMin)
    throw new RangeError(`the service token secret needs ${secretLengthMin} characters`);
  return new TextEncoder().encode(secret);
}

/** Signs tokens for `serviceName`: HS256, five minutes, one token reused for four. */
export function createServiceTokenSource(serviceName: string, secret: string): ServiceTokenSource {
  const key = serviceTokenKeyOf(secret);
  let current: Promise<string> | undefined;
  let renewTimeMs = 0;
  return () => {
    const nowMs = Date.now();
    if (current === undefined || nowMs >= renewTimeMs) {
      renewTimeMs = nowMs + lifetimeMs - renewBeforeMs;
      current = sign(serviceName, key, nowMs);
    }
    return current;
  };
}

function sign(serviceName: string, key: Uint8Array, nowMs: number): Promise<string> {
  const nowSeconds = Math.floor(nowMs / 1_000);
  return new SignJWT({})
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(serviceName)
    .setAudience(serviceTokenAudience)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + lifetimeMs / 1_000)
    .sign(key);
}
