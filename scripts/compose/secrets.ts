/** The files of compose/secrets: passwords, URLs that have them, and the keys of the services. */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeServiceKey } from '#platform/auth/service-keys.ts';
import { busDatabase, services } from '../../supervisor/index.ts';
import { databaseSecret, databases, keySecret } from './document.ts';

const secretBytes = 24;
const passwords = [
  'postgres_password',
  'rabbitmq_password',
  'service_secret',
  'admin_password',
  'operator_password',
  'grafana_password',
];

/**
 * Makes the files that are missing in a folder; what is there stays. The folder is its owner's alone; the files are readable for the users
 * of the containers, which get them one by one.
 */
export function makeSecrets(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const make = (name: string, value: () => string): string => {
    const path = join(folder, name);
    if (!existsSync(path)) writeFileSync(path, `${value()}\n`, { mode: 0o444 });
    return readFileSync(path, 'utf8').trim();
  };
  const secret = Object.fromEntries(
    passwords.map((name) => [name, make(name, () => randomBytes(secretBytes).toString('hex'))]),
  );
  for (const name of databases.filter((database) => database !== busDatabase))
    make(databaseSecret(name), () => `postgres://postgres:${secret.postgres_password}@postgres:5432/outcry_${name}`);
  make('amqp_url', () => `amqp://outcry:${secret.rabbitmq_password}@rabbitmq:5672`);
  make('rabbitmq.conf', () => `default_user = outcry\ndefault_pass = ${secret.rabbitmq_password}`);
  const publicKeys = services.flatMap(({ name }) => {
    const { keys } = JSON.parse(
      make(keySecret(name), () => JSON.stringify({ keys: [makeServiceKey(name).privateKey] })),
    ) as { keys: { d?: string }[] };
    return keys.map(({ d, ...publicKey }) => publicKey);
  });
  make('jwks', () => JSON.stringify({ keys: publicKeys }));
}
