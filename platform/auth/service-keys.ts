/** The key pairs by which services show who they are: each holds its own private keys, and all have the public keys of all. */
import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { JWK } from 'jose';
import type { JwksJson } from './jwks.ts';

/** Where a process finds the keys of services. */
export type ServiceKeys = {
  /** Its own private keys; the first one signs. */
  readOwn: () => Promise<JwksJson>;
  /** The public keys of all services, each named `SERVICE.ID`. */
  readPublic: () => Promise<JwksJson>;
};

/** A private key and its public half, under the same name. */
export type ServiceKeyPair = { privateKey: JWK; publicKey: JWK };

const idBytes = 6;

/** Makes a key pair of a service (Ed25519). Its name begins with the service's: a key signs for that service alone. */
export function makeServiceKey(service: string): ServiceKeyPair {
  const id = randomBytes(idBytes).toString('hex');
  return toKeyPair(`${service}.${id}`, generateKeyPairSync('ed25519').privateKey);
}

/** A private key of Node as a named pair of JSON Web Keys. */
export function toKeyPair(kid: string, key: KeyObject): ServiceKeyPair {
  const { kty, crv, x, d } = key.export({ format: 'jwk' }) as JWK;
  const publicKey = { kid, kty, crv, x, alg: 'EdDSA', use: 'sig' } as JWK;
  return { privateKey: { ...publicKey, d } as JWK, publicKey };
}

/** Whether a key of this name is one of the service's. */
export function isKeyOf(service: string, kid: string): boolean {
  const end = kid.lastIndexOf('.');
  return end > 0 && kid.slice(0, end) === service;
}

/** Keys in two files, each a JSON Web Key Set; read again when needed, so that they may be rotated beneath the process. */
export function serviceKeysInFiles(files: { own: string; public: string }): ServiceKeys {
  return { readOwn: () => readKeys(files.own), readPublic: () => readKeys(files.public) };
}

async function readKeys(path: string): Promise<JwksJson> {
  const value: unknown = JSON.parse(await readFile(path, 'utf8'));
  const keys = (value as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys)) throw new Error(`${path} has no JSON Web Key Set`);
  return { keys: keys as JWK[] };
}
