import { definitionsOf } from '#platform/bus/rabbitmq/definitions.ts';
import { kubectl } from './command.ts';
import { hasWorkload, type Manifest } from './manifest.ts';
import type { Overlay } from './overlay.ts';

/** How the names of the Secrets begin that have the URL of a service's user on a RabbitMQ. */
export const brokerSecretPrefix = 'amqp-';

/** The Secret with the users of the RabbitMQ of the component, as it imports them. */
export const brokerUsersSecret = 'rabbitmq-users';

// That of all services together, of releases before.
const sharedSecret = 'amqp';
// It shows operators the dead letters of all services.
const lettersReader = 'notification';

/** Whether a Secret is one of a service's user. */
export function isBrokerSecret(name: string): boolean {
  return name.startsWith(brokerSecretPrefix);
}

/** The Secrets of users that the manifests name, sorted: a service without one has the bus in its database. */
export function brokerSecrets(manifests: readonly Manifest[]): string[] {
  const variables = manifests
    .flatMap(({ spec }) => spec?.template?.spec.containers ?? [])
    .flatMap(({ env = [] }) => env);
  const names = variables.map(({ valueFrom }) => valueFrom?.secretKeyRef?.name ?? '').filter(isBrokerSecret);
  return [...new Set(names)].toSorted();
}

/** Those that there must be: all of them or none, as services on two buses would not hear of each other. */
export function wantedBrokerSecrets(manifests: readonly Manifest[], existing: ReadonlySet<string>): string[] {
  const names = brokerSecrets(manifests);
  const isOnBroker = hasWorkload(manifests, 'rabbitmq') || [...names, sharedSecret].some((name) => existing.has(name));
  return isOnBroker ? names : [];
}

/** Writes the users of the component's RabbitMQ, with the passwords of their Secrets. */
export async function writeBrokerUsers({ manifests, namespace }: Overlay): Promise<void> {
  if (!hasWorkload(manifests, 'rabbitmq')) return;
  const users = await Promise.all(brokerSecrets(manifests).map((name) => readUser(namespace, name)));
  const stringData = { 'definitions.json': `${JSON.stringify(definitionsOf(users), null, 1)}\n` };
  const metadata = { name: brokerUsersSecret, namespace };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, stringData };
  await kubectl(['apply', '--server-side', '--force-conflicts', '--field-manager=outcry', '-f', '-'], {
    input: JSON.stringify(secret),
  });
}

async function readUser(namespace: string, secret: string) {
  const url = await kubectl(['-n', namespace, 'get', 'secret', secret, '-o', 'jsonpath={.data.url}']);
  const { password } = new URL(Buffer.from(url, 'base64').toString('utf8'));
  const service = secret.slice(brokerSecretPrefix.length);
  return { service, password: decodeURIComponent(password), readsLetters: service === lettersReader };
}
