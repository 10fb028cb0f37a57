/** Users of services, as RabbitMQ imports them. */
import { createHash } from 'node:crypto';
import { permissionsOf } from './permissions.ts';

/** A service's user, which has the service's name. */
export type BrokerUser = { service: string; password: string; readsLetters: boolean };

const saltBytes = 4;

/** The definitions of a virtual host with these users and no others. The same users make the same definitions. */
export function definitionsOf(users: readonly BrokerUser[], host = '/'): object {
  return {
    vhosts: [{ name: host }],
    users: users.map(({ service, password }) => ({
      name: service,
      password_hash: hashOf(service, password),
      hashing_algorithm: 'rabbit_password_hashing_sha256',
      tags: [],
    })),
    permissions: users.map(({ service, readsLetters }) => ({
      user: service,
      vhost: host,
      ...permissionsOf(service, { readsLetters }),
    })),
  };
}

/** RabbitMQ's form: a salt, and SHA-256 of it with the password. The passwords are random, so that the salt need not be. */
function hashOf(service: string, password: string): string {
  const salt = createHash('sha256').update(service).digest().subarray(0, saltBytes);
  const hash = createHash('sha256').update(salt).update(password).digest();
  return Buffer.concat([salt, hash]).toString('base64');
}
