import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../terminal/start-error.ts';

/** Secrets of one data folder: made at its first start, stored in it, readable by its owner only. */
export type Secrets = {
  /** From which services derive secrets of their own. */
  serviceSecret: string;
  postgresPassword: string;
  rabbitmqPassword: string;
  /** Password of the first administrator. */
  adminPassword: string;
  /** Password of the first operator. */
  operatorPassword: string;
};

const secretBytes = 32;
const staffPasswordBytes = 12;

/**
 * The folder's secrets; those that are missing are made and written.
 *
 * @throws StartError when the file exists and is damaged: with a new password the database could not be opened any more
 */
export function loadSecrets(dataDirectory: string): Secrets {
  const path = join(dataDirectory, 'secrets.json');
  const stored: StoredSecrets = existsSync(path) ? parseSecrets(path) : {};
  const secrets: Secrets = {
    // API keys of an older data folder follow from the secret under its former name.
    serviceSecret: stored.serviceSecret ?? stored.serviceTokenSecret ?? randomText(secretBytes),
    postgresPassword: stored.postgresPassword ?? randomText(secretBytes),
    rabbitmqPassword: stored.rabbitmqPassword ?? randomText(secretBytes),
    adminPassword: stored.adminPassword ?? `Admin-${randomText(staffPasswordBytes)}-1`,
    operatorPassword: stored.operatorPassword ?? `Operator-${randomText(staffPasswordBytes)}-1`,
  };
  writeFileSync(`${path}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return secrets;
}

type StoredSecrets = Partial<Secrets> & { serviceTokenSecret?: string };

function parseSecrets(path: string): StoredSecrets {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value === 'object' && value !== null) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new StartError(`${path} is damaged; restore it, or delete it together with the embedded database`);
}

function randomText(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}
