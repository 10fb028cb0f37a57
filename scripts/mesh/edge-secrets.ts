import { type Certificate, isGoodFor, makeCertificate } from './certificate.ts';
import { CommandError, kubectl } from './command.ts';
import type { Overlay } from './overlay.ts';

/** The label of a Secret that was made here; its value is the namespace of the install that it is for. */
export const selfMadeLabel = 'outcry.dev/self-made-for';

type Secret = { metadata: { labels?: Record<string, string> }; data?: Record<string, string> };
type Named = { secret: string; names: readonly string[] };

/** What is to be done about a certificate. */
export type EdgePlan = 'leave' | 'make' | { lacks: string };

/** Where the ingress reads its certificates: beside itself, which is in this namespace by the Gateway API. */
export function edgeNamespace({ manifests, namespace, parameters }: Overlay): string {
  const byGatewayApi = manifests.some(({ apiVersion }) => apiVersion.startsWith('gateway.networking.k8s.io/'));
  return byGatewayApi ? namespace : (parameters['ingress-service-account']?.split('/')[0] ?? namespace);
}

/** Decides from the Secret that is there, if any, and from the names that its certificate must have. One of its owner's is never touched. */
export function planEdgeSecret(
  { namespace, parameters }: Pick<Overlay, 'namespace' | 'parameters'>,
  { secret, names }: Named,
  found: Secret | undefined,
): EdgePlan {
  const owner = found?.metadata.labels?.[selfMadeLabel];
  if (owner !== undefined && owner !== namespace) {
    return {
      lacks: `the Secret ${secret} is of the install in the namespace ${owner}: name another one in the overlay`,
    };
  }
  if (found !== undefined && owner === undefined) return 'leave';
  const certificate = Buffer.from(found?.data?.['tls.crt'] ?? '', 'base64').toString('utf8');
  if (found !== undefined && isGoodFor(certificate, names)) return 'leave';
  if (parameters['tls-authority'] === 'self-made') return 'make';
  return { lacks: `there is no Secret ${secret} (tls.crt, tls.key) with a certificate for ${names.join(', ')}` };
}

/**
 * Sees to the certificates of the hosts: cert-manager's, those that are there already, or, where the overlay says so, ones made here. Resolves to
 * the names for which some were made. Rejects with CommandError when only their owner can.
 */
export async function ensureEdgeSecrets(overlay: Overlay): Promise<string[]> {
  const namespace = edgeNamespace(overlay);
  const certificates = overlay.manifests.filter(({ kind }) => kind === 'Certificate');
  for (const certificate of certificates) {
    await apply({ ...certificate, metadata: { ...certificate.metadata, namespace } });
  }
  if (certificates.length > 0) return [];
  const made: string[] = [];
  for (const named of await namedSecrets(overlay, namespace)) {
    const found = await kubectl(['-n', namespace, 'get', 'secret', named.secret, '--ignore-not-found', '-o', 'json']);
    const plan = planEdgeSecret(overlay, named, found === '' ? undefined : (JSON.parse(found) as Secret));
    if (plan === 'leave') continue;
    if (plan !== 'make') throw new CommandError(`${plan.lacks}, in the namespace ${namespace}`);
    const metadata = { name: named.secret, namespace, labels: { [selfMadeLabel]: overlay.namespace } };
    await apply(secretOf(await makeCertificate(named.names), metadata));
    made.push(...named.names);
  }
  return made;
}

/** The Secrets with their names: the hosts, and where any host will do, this machine and the ingress's addresses. */
async function namedSecrets({ parameters }: Overlay, namespace: string): Promise<Named[]> {
  const { host = '*', 'operators-host': operatorsHost = '', 'ingress-label': label } = parameters;
  const { 'tls-secret': secret, 'operators-tls-secret': operatorsSecret } = parameters;
  if (secret === undefined || operatorsSecret === undefined) return [];
  const ofOperators = { secret: operatorsSecret, names: [operatorsHost] };
  if (host !== '*') return [{ secret, names: [host] }, ofOperators];
  const path = 'jsonpath={.items[*].status.loadBalancer.ingress[*].ip}';
  const addresses = await kubectl(['-n', namespace, 'get', 'services', '-l', `istio=${label}`, '-o', path]);
  const names = ['localhost', '127.0.0.1', ...addresses.split(' ').filter((address) => address !== '')];
  return [{ secret, names }, ofOperators];
}

function secretOf(made: Certificate, metadata: object): object {
  const stringData = { 'tls.crt': made.certificate, 'tls.key': made.key, 'ca.crt': made.authority };
  return { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls', metadata, stringData };
}

async function apply(resource: object): Promise<void> {
  await kubectl(['apply', '-f', '-'], { input: JSON.stringify(resource) });
}
