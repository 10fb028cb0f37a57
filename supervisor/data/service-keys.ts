import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  makeServiceKey,
  type ServiceKeyPair,
  type ServiceKeys,
  serviceKeysInFiles,
} from '#platform/auth/service-keys.ts';
import { StartError } from '../terminal/start-error.ts';

/** The files by which a service shows who it is, and recognises the others. */
export type ServiceKeyFiles = { own: string; public: string };

/** Where the keys of a service are in a data folder. */
export function serviceKeyFiles(dataDirectory: string, service: string): ServiceKeyFiles {
  const folder = join(dataDirectory, 'keys');
  return { own: join(folder, `${service}.json`), public: join(folder, 'jwks.json') };
}

/** The keys of a service of a data folder: for what calls in its name. */
export function readServiceKeys(dataDirectory: string, service: string): ServiceKeys {
  return serviceKeysInFiles(serviceKeyFiles(dataDirectory, service));
}

/**
 * Makes the keys that are missing in a data folder, private ones readable by its owner only, and the list of all public ones.
 *
 * @throws StartError when a file is damaged
 */
export function makeServiceKeys(dataDirectory: string, services: readonly { name: string }[]): void {
  mkdirSync(join(dataDirectory, 'keys'), { recursive: true, mode: 0o700 });
  const publicKeys = services.flatMap(({ name: service }) => {
    const { own } = serviceKeyFiles(dataDirectory, service);
    if (!existsSync(own)) write(own, [makeServiceKey(service).privateKey]);
    return readKeys(own).map(({ d, ...publicKey }) => publicKey);
  });
  write(serviceKeyFiles(dataDirectory, '').public, publicKeys);
}

function readKeys(path: string): ServiceKeyPair['privateKey'][] {
  try {
    const { keys } = JSON.parse(readFileSync(path, 'utf8')) as { keys?: unknown };
    if (Array.isArray(keys)) return keys;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new StartError(`${path} is damaged; delete it, and a new key is made`);
}

function write(path: string, keys: readonly object[]): void {
  writeFileSync(`${path}.new`, `${JSON.stringify({ keys }, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
