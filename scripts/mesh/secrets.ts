import { randomBytes } from 'node:crypto';
import { adminEmail, operatorEmail } from '../../supervisor/index.ts';
import { meshNamespace } from './mesh-file.ts';

/** A Kubernetes Secret, as kubectl takes it. */
export type SecretManifest = {
  apiVersion: 'v1';
  kind: 'Secret';
  metadata: { name: string; namespace: string };
  stringData: Record<string, string>;
};

/** The Secret whose keys are the databases and whose values are the passwords of their roles. */
export const databasesSecret = 'postgres-databases';

/** The Secret with the first members of staff; it carries the variables of the user service. */
export const staffSecret = 'bootstrap-accounts';

const passwordBytes = 24;

/**
 * New secrets for one cluster: of PostgreSQL and each database on it (`databases`: the services that own one, and `bus`), of the
 * services' own identity, and of the first members of staff.
 */
export function makeSecrets(databases: readonly string[], makePassword = randomPassword): SecretManifest[] {
  const passwords = Object.fromEntries(databases.map((name) => [name, makePassword()]));
  const urls = Object.entries(passwords).map(([name, password]) =>
    secret(`database-${name}`, { url: `postgres://${name}:${password}@postgres:5432/${name}` }),
  );
  return [
    secret('postgres', { password: makePassword() }),
    secret(databasesSecret, passwords),
    ...urls,
    secret('service-token', { SERVICE_TOKEN_SECRET: makePassword() }),
    secret(staffSecret, {
      BOOTSTRAP_ADMIN_EMAIL: adminEmail,
      BOOTSTRAP_ADMIN_PASSWORD: `Admin-${makePassword()}-1`,
      BOOTSTRAP_OPERATOR_EMAIL: operatorEmail,
      BOOTSTRAP_OPERATOR_PASSWORD: `Operator-${makePassword()}-1`,
    }),
  ];
}

function secret(name: string, stringData: Record<string, string>): SecretManifest {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: meshNamespace }, stringData };
}

// Base64url: it goes into URLs as it is.
function randomPassword(): string {
  return randomBytes(passwordBytes).toString('base64url');
}
