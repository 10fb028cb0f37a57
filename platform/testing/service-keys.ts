/** Keys of services for tests: the same in every process, as each follows from the name of its service. */
import { createHash, createPrivateKey } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServiceKeyPair, type ServiceKeys, toKeyPair } from '#platform/auth/service-keys.ts';
import { createServiceTokenSource, type ServiceTokenSource } from '#platform/auth/service-token.ts';

/** Those whom tests call as; tokens of others are refused. */
const names = [
  ...['analytics', 'audit', 'auto', 'echo', 'exchange', 'gateway', 'ledger', 'mailbox', 'market', 'notification'],
  ...['order', 'portfolio', 'simulator', 'stranger', 'user'],
];

// What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410).
const pkcs8Start = Buffer.from('302e020100300506032b657004220420', 'hex');

function pairOf(service: string): ServiceKeyPair {
  const seed = createHash('sha256').update(`test key of ${service}`).digest();
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Start, seed]), format: 'der', type: 'pkcs8' });
  return toKeyPair(`${service}.test`, key);
}

const publicKeys = { keys: names.map((name) => pairOf(name).publicKey) };

/** The keys of a service. */
export function testServiceKeys(service: string): ServiceKeys {
  return {
    readOwn: async () => ({ keys: [pairOf(service).privateKey] }),
    readPublic: async () => publicKeys,
  };
}

/** Signs tokens of a service. */
export function testServiceToken(service: string): ServiceTokenSource {
  return createServiceTokenSource(service, testServiceKeys(service));
}

/** The settings of a process that runs a service, with files of the keys. */
export function testServiceKeyEnv(service: string): { SERVICE_KEY_FILE: string; SERVICE_JWKS_FILE: string } {
  const directory = join(tmpdir(), 'outcry-test-service-keys');
  mkdirSync(directory, { recursive: true });
  return {
    SERVICE_KEY_FILE: write(directory, `${service}.json`, { keys: [pairOf(service).privateKey] }),
    SERVICE_JWKS_FILE: write(directory, 'jwks.json', publicKeys),
  };
}

// Renamed into place: other processes of the tests read and write the same.
function write(directory: string, name: string, value: object): string {
  const path = join(directory, name);
  writeFileSync(`${path}.${process.pid}`, JSON.stringify(value));
  renameSync(`${path}.${process.pid}`, path);
  return path;
}
