import { randomBytes } from 'node:crypto';
import { adminEmail, busDatabase, operatorEmail } from '../../supervisor/index.ts';
import { brokerSecretPrefix, brokerUsersSecret, isBrokerSecret, wantedBrokerSecrets } from './broker-users.ts';
import { keySecretPrefix } from './keys/cluster-keys.ts';
import { hasWorkload, type Manifest, requiredSecrets } from './manifest.ts';

/** A Kubernetes Secret, as kubectl takes it. */
export type SecretManifest = {
  apiVersion: 'v1';
  kind: 'Secret';
  metadata: { name: string; namespace: string };
  stringData: Record<string, string>;
};

/** What is to be done about the Secrets of a cluster. */
export type SecretPlan = {
  /** Secrets that are missing and can be made at random. */
  made: SecretManifest[];
  /** The names of missing ones that only their owner knows, such as the URL of a database outside. */
  fromOutside: string[];
};

/** The Secret with the first members of staff; it carries the variables of the user service. */
export const staffSecret = 'bootstrap-accounts';

const passwordBytes = 24;

/**
 * Makes each Secret that the manifests need and the cluster lacks. One that is there is never replaced, so that a URL of the owner stays; an upgrade
 * that brings a service makes that service's Secret alone. Keys of services are not among them: see keys/.
 */
export function planSecrets(
  manifests: readonly Manifest[],
  cluster: { namespace: string; existing: ReadonlySet<string> },
  makePassword = randomPassword,
): SecretPlan {
  const wanted = [...requiredSecrets(manifests), ...wantedBrokerSecrets(manifests, cluster.existing)];
  const missing = wanted.filter((name) => !cluster.existing.has(name) && !isMadeElsewhere(name));
  const plan: SecretPlan = { made: [], fromOutside: [] };
  for (const name of missing) {
    const stringData = secretData(name, manifests, makePassword);
    if (stringData === undefined) plan.fromOutside.push(name);
    else {
      const metadata = { name, namespace: cluster.namespace };
      plan.made.push({ apiVersion: 'v1', kind: 'Secret', metadata, stringData });
    }
  }
  return plan;
}

function isMadeElsewhere(name: string): boolean {
  return name.startsWith(keySecretPrefix) || name === brokerUsersSecret;
}

/** The contents of a Secret; undefined when they cannot be made here. */
function secretData(
  name: string,
  manifests: readonly Manifest[],
  makePassword: () => string,
): Record<string, string> | undefined {
  const database = /^database-(.+)$/.exec(name)?.[1];
  if (database !== undefined) {
    if (!hasWorkload(manifests, 'postgres')) return undefined;
    return { url: `postgres://${database}:${makePassword()}@postgres:5432/${database}` };
  }
  const onBus = /^bus-(.+)$/.exec(name)?.[1];
  if (onBus !== undefined && hasWorkload(manifests, 'postgres')) {
    return { url: `postgres://bus_${onBus}:${makePassword()}@postgres:5432/${busDatabase}` };
  }
  if (name === 'postgres') return { password: makePassword() };
  if (name.startsWith('service-secret-')) return { secret: makePassword() };
  if (name === staffSecret) return staffData(makePassword);
  if (isBrokerSecret(name) && hasWorkload(manifests, 'rabbitmq')) {
    return { url: `amqp://${name.slice(brokerSecretPrefix.length)}:${makePassword()}@rabbitmq:5672` };
  }
  return undefined;
}

function staffData(makePassword: () => string): Record<string, string> {
  return {
    BOOTSTRAP_ADMIN_EMAIL: adminEmail,
    BOOTSTRAP_ADMIN_PASSWORD: `Admin-${makePassword()}-1`,
    BOOTSTRAP_OPERATOR_EMAIL: operatorEmail,
    BOOTSTRAP_OPERATOR_PASSWORD: `Operator-${makePassword()}-1`,
  };
}

// Base64url: it goes into URLs as it is.
function randomPassword(): string {
  return randomBytes(passwordBytes).toString('base64url');
}
