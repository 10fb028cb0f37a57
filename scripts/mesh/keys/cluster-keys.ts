import type { JWK } from 'jose';
import { CommandError, kubectl } from '../command.ts';
import { type ClusterKeys, completeKeys, type OwnKeys } from './plan-keys.ts';

/** The name of the Secret with the private keys of a service. */
export function keySecret(service: string): string {
  return `${keySecretPrefix}${service}`;
}

/** How the names of those Secrets begin. */
export const keySecretPrefix = 'service-key-';

/** The ConfigMap with the public keys of all services. */
export const publicKeysMap = 'service-keys';

/** The annotation of a Secret with keys: when they were made or rotated. */
export const rotatedAnnotation = 'outcry.dev/keys-time';

const ownFile = 'own.json';
const publicFile = 'jwks.json';

type Stored = {
  metadata: { name: string; annotations?: Record<string, string> };
  data?: Record<string, string>;
};

/** The keys of a namespace, and when those of each service were made; null when that is not known. */
export async function readClusterKeys(namespace: string): Promise<ClusterKeys & { rotated: Map<string, Date | null> }> {
  const own = new Map<string, OwnKeys>();
  const rotated = new Map<string, Date | null>();
  const text = await kubectl(['-n', namespace, 'get', 'secrets', '-o', 'json']);
  for (const { metadata, data } of (JSON.parse(text) as { items: Stored[] }).items) {
    if (!metadata.name.startsWith(keySecretPrefix)) continue;
    const service = metadata.name.slice(keySecretPrefix.length);
    own.set(service, parseKeys(Buffer.from(data?.[ownFile] ?? '', 'base64').toString('utf8'), metadata.name));
    const time = Date.parse(metadata.annotations?.[rotatedAnnotation] ?? '');
    rotated.set(service, Number.isNaN(time) ? null : new Date(time));
  }
  const map = await kubectl(['-n', namespace, 'get', 'configmap', publicKeysMap, '--ignore-not-found', '-o', 'json']);
  const listed = map.trim() === '' ? [] : parseKeys((JSON.parse(map) as Stored).data?.[publicFile], publicKeysMap);
  return { own, listed, rotated };
}

/** Makes the keys that services lack, and lists all public ones. */
export async function completeClusterKeys(namespace: string, services: readonly string[]): Promise<void> {
  const before = await readClusterKeys(namespace);
  const keys = completeKeys(before, services);
  await writePublicKeys(namespace, keys);
  for (const service of services) if (!before.own.has(service)) await writeOwnKeys(namespace, keys, service);
}

/** Writes the list of public keys: before private ones, so that no service signs with a key that is not listed. */
export async function writePublicKeys(namespace: string, { listed }: ClusterKeys): Promise<void> {
  const metadata = { name: publicKeysMap, namespace };
  const data = { [publicFile]: toText(listed) };
  await apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
}

/** Writes the private keys of a service. */
export async function writeOwnKeys(namespace: string, { own }: ClusterKeys, service: string): Promise<void> {
  const annotations = { [rotatedAnnotation]: new Date().toISOString() };
  const metadata = { name: keySecret(service), namespace, annotations };
  const stringData = { [ownFile]: toText(own.get(service) ?? []) };
  await apply({ apiVersion: 'v1', kind: 'Secret', metadata, stringData });
}

async function apply(resource: object): Promise<void> {
  // On the server's side: what it would else note of a Secret in an annotation is the Secret.
  await kubectl(['apply', '--server-side', '--force-conflicts', '--field-manager=outcry', '-f', '-'], {
    input: JSON.stringify(resource),
  });
}

function toText(keys: readonly JWK[]): string {
  return `${JSON.stringify({ keys }, null, 1)}\n`;
}

function parseKeys(text: string | undefined, name: string): JWK[] {
  try {
    const { keys } = JSON.parse(text ?? '') as { keys?: unknown };
    if (Array.isArray(keys)) return keys as JWK[];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new CommandError(`${name} has no JSON Web Key Set`);
}
