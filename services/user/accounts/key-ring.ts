/** The signing keys of this replica: loaded from the database, made and rotated there under one lock for all replicas. */
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { JwksJson } from '#platform/auth/jwks.ts';
import type { Database } from '#platform/postgres/database.ts';
import { activeTimeOf, isKeyDue, retiredKeysOf, signingKeyOf } from '../domain/key-schedule.ts';
import {
  deleteSigningKeys,
  insertSigningKey,
  listSigningKeys,
  lockSigningKeys,
  type StoredKey,
} from '../store/signing-keys.ts';

/** Keys that sign and verify access tokens. */
export type KeyRing = {
  /** The key that signs now. */
  signingKey(): Promise<{ kid: string; privateKey: CryptoKey }>;
  /** The public keys, newest last. */
  jwks(): JwksJson;
  /** Reads the keys again, and makes or forgets keys when their time has come and this process may. */
  refresh(): Promise<void>;
};

/**
 * Loads the keys, making the first one if there is none. `rotateAfterMs` is the age at which a successor is made; `mayRotate` says whether this
 * process may make and forget keys now, default always.
 */
export async function openKeyRing(options: {
  db: Database;
  rotateAfterMs: number;
  mayRotate?: () => boolean;
  nowMs?: () => number;
}): Promise<KeyRing> {
  const { db, rotateAfterMs, mayRotate = () => true, nowMs = Date.now } = options;
  const imported = new Map<string, Promise<CryptoKey>>();
  let keys: StoredKey[] = [];

  const refresh = async () => {
    const stored = await listSigningKeys(db);
    const timeMs = nowMs();
    const settled = !isKeyDue(stored, rotateAfterMs, timeMs) && retiredKeysOf(stored, timeMs).length === 0;
    keys = settled || !mayRotate() ? stored : await rotate(db, rotateAfterMs, timeMs);
    for (const kid of imported.keys()) if (!keys.some((key) => key.kid === kid)) imported.delete(kid);
  };

  await refresh();
  return {
    refresh,
    jwks: () => ({ keys: keys.map((key) => key.publicJwk) }),
    async signingKey() {
      const key = signingKeyOf(keys, nowMs());
      if (key === undefined) throw new Error('there is no signing key');
      const known = imported.get(key.kid) ?? (importJWK(key.privateJwk, 'EdDSA') as Promise<CryptoKey>);
      imported.set(key.kid, known);
      return { kid: key.kid, privateKey: await known };
    },
  };
}

async function rotate(db: Database, rotateAfterMs: number, nowMs: number): Promise<StoredKey[]> {
  return db.transaction(async (tx) => {
    await lockSigningKeys(tx);
    // Another replica may have been here while this one waited for the lock.
    const stored = await listSigningKeys(tx);
    await deleteSigningKeys(
      tx,
      retiredKeysOf(stored, nowMs).map(({ kid }) => kid),
    );
    if (isKeyDue(stored, rotateAfterMs, nowMs)) {
      await insertSigningKey(tx, await createKey(nowMs, activeTimeOf(stored, nowMs)));
    }
    return listSigningKeys(tx);
  });
}

async function createKey(createTimeMs: number, activeTimeMs: number): Promise<StoredKey> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const [privateJwk, publicPart] = await Promise.all([exportJWK(privateKey), exportJWK(publicKey)]);
  const kid = await calculateJwkThumbprint(publicPart);
  const publicJwk: JWK = { ...publicPart, kid, alg: 'EdDSA', use: 'sig' };
  return { kid, privateJwk, publicJwk, createTimeMs, activeTimeMs };
}
