/** The public keys of the user service, fetched when needed and cached for five minutes. */
import type { CryptoKey, JWK } from 'jose';
import { importJWK } from 'jose';

/** A JSON Web Key Set (RFC 7517); only public Ed25519 keys with a `kid` are used. */
export type JwksJson = { keys: JWK[] };

/** Finds the key of a `kid`; undefined when the user service has none of that name. */
export type KeyFinder = (kid: string) => Promise<CryptoKey | undefined>;

const freshMs = 300_000;
const refetchEveryMs = 5_000;

/**
 * Keys are fetched again when they are five minutes old and, at most every five seconds, for an unknown `kid`: a rotated key
 * is known at once, and made-up kids cost nothing. After a failed fetch the cached keys are used; without any it rejects.
 */
export function createKeyFinder(fetchJwks: () => Promise<JwksJson>, now: () => number = Date.now): KeyFinder {
  let keys = new Map<string, CryptoKey>();
  let fetchedTimeMs = Number.NEGATIVE_INFINITY;
  let triedTimeMs = Number.NEGATIVE_INFINITY;
  let fetching: Promise<void> | undefined;

  const refetch = (): Promise<void> => {
    fetching ??= (async () => {
      triedTimeMs = now();
      keys = await importKeys(await fetchJwks());
      fetchedTimeMs = now();
    })().finally(() => {
      fetching = undefined;
    });
    return fetching;
  };

  return async (kid) => {
    const stale = now() - fetchedTimeMs >= freshMs;
    if (keys.size === 0) await refetch();
    else if ((stale || !keys.has(kid)) && now() - triedTimeMs >= refetchEveryMs) await refetch().catch(() => {});
    else if (!keys.has(kid) && fetching !== undefined) await fetching.catch(() => {});
    return keys.get(kid);
  };
}

async function importKeys(jwks: JwksJson): Promise<Map<string, CryptoKey>> {
  const usable = jwks.keys.filter((jwk) => jwk.kid !== undefined && jwk.kty === 'OKP' && jwk.crv === 'Ed25519');
  const imported = await Promise.all(
    usable.map(async (jwk) => {
      const { kid, kty, crv, x } = jwk;
      return [kid as string, (await importJWK({ kty, crv, x }, 'EdDSA')) as CryptoKey] as const;
    }),
  );
  return new Map(imported);
}
