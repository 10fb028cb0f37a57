/** Reads of the cluster that the tests need. */
import { kubectl, staffSecret } from '../../scripts/mesh/index.ts';
import { createTestClient } from '../support/clients.ts';
import { audit } from '../support/investors-day.ts';

/** The namespace of the system: OUTCRY_NAMESPACE, default `outcry`. */
export const meshNamespace = process.env.OUTCRY_NAMESPACE || 'outcry';

/** The fields of a pod that tests read. */
export type Pod = {
  metadata: { name: string; labels: Record<string, string>; deletionTimestamp?: string };
  spec: { nodeName: string };
  status: {
    phase: string;
    startTime: string;
    conditions: { type: string; status: string; lastTransitionTime: string }[];
    containerStatuses: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
  };
};

type ContainerStatus = { name: string; ready: boolean; restartCount: number };

/** The name of the container that a sidecar is, whether it runs beside the others or as a native one. */
export const sidecarName = 'istio-proxy';

/** The pods of the system that run; those that are being deleted and those that have done their work are left out. */
export async function listPods(): Promise<Pod[]> {
  const text = await kubectl(['-n', meshNamespace, 'get', 'pods', '-o', 'json']);
  const { items } = JSON.parse(text) as { items: Pod[] };
  return items.filter(
    ({ metadata, status }) => metadata.deletionTimestamp === undefined && status.phase !== 'Succeeded',
  );
}

/** The containers of a pod that do not end: the service and its sidecar. */
export function containersOf({ status }: Pod): ContainerStatus[] {
  const sidecars = (status.initContainerStatuses ?? []).filter(({ name }) => name === sidecarName);
  return [...status.containerStatuses, ...sidecars];
}

/** The parameters of the overlay that runs. */
export async function readParameters(): Promise<Record<string, string>> {
  const text = await kubectl(['-n', meshNamespace, 'get', 'configmap', 'parameters', '-o', 'json']);
  return (JSON.parse(text) as { data: Record<string, string> }).data;
}

/** Address and port, if it is none of the usual ones, at which the ingress answers. */
export async function ingressAddress(): Promise<string> {
  if (process.env.OUTCRY_INGRESS_URL) return new URL(process.env.OUTCRY_INGRESS_URL).host;
  const { 'ingress-label': label } = await readParameters();
  const selector = ['get', 'services', '-A', '-l', `istio=${label}`, '-o', 'json'];
  const { items } = JSON.parse(await kubectl(selector)) as {
    items: { status: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } } }[];
  };
  const [address] = items.flatMap(({ status }) => status.loadBalancer?.ingress ?? []);
  const host = address?.ip ?? address?.hostname;
  if (host === undefined) throw new Error('the ingress has no address; set OUTCRY_INGRESS_URL');
  return host;
}

/** What people call: under the host of the overlay, or the ingress's address where any host will do. */
export async function ingressUrl(): Promise<string> {
  const { host = '*' } = await readParameters();
  return `https://${host === '*' ? await ingressAddress() : atPort(host, await ingressAddress())}`;
}

/** What operators call. */
export async function operatorsUrl(): Promise<string> {
  const { 'operators-host': host = '' } = await readParameters();
  return `https://${atPort(host, await ingressAddress())}`;
}

function atPort(host: string, address: string): string {
  const { port } = new URL(`https://${address}`);
  return port === '' ? host : `${host}:${port}`;
}

/** Why the tests cannot run; undefined when a cluster answers and has the system. */
export async function findObstacle(): Promise<string | undefined> {
  const answer = (args: string[]) => kubectl([...args, '--request-timeout=10s']).catch((error: Error) => error);
  const version = await answer(['version', '-o', 'json']);
  if (version instanceof Error) return `because no cluster answers that KUBECONFIG names: ${lastLine(version.message)}`;
  const gateway = await answer(['-n', meshNamespace, 'get', 'deployment/gateway', '-o', 'name']);
  if (!(gateway instanceof Error)) return undefined;
  return `because the cluster has no system in the namespace ${meshNamespace}: npm run mesh:up, or set OUTCRY_NAMESPACE`;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** The image that the services of the system run. */
export function serviceImage(): Promise<string> {
  const path = 'jsonpath={.spec.template.spec.containers[?(@.name=="service")].image}';
  return kubectl(['-n', meshNamespace, 'get', 'deployment/gateway', '-o', path]);
}

/** The first administrator, from the Secret that `npm run mesh:up` made. */
export async function administrator(): Promise<{ email: string; password: string }> {
  const text = await kubectl(['-n', meshNamespace, 'get', 'secret', staffSecret, '-o', 'json']);
  const { data } = JSON.parse(text) as { data: Record<string, string> };
  const read = (name: string) => Buffer.from(data[name] ?? '', 'base64').toString('utf8');
  return { email: read('BOOTSTRAP_ADMIN_EMAIL'), password: read('BOOTSTRAP_ADMIN_PASSWORD') };
}

/** Expects the audit to find nothing. */
export async function auditMesh(): Promise<void> {
  await audit(createTestClient('connect', await operatorsUrl()), await administrator());
}

/** Applies manifests and waits until their pods are ready. */
export async function applyAndWait(namespace: string, manifests: object[], selector: string): Promise<void> {
  const list = { apiVersion: 'v1', kind: 'List', items: manifests };
  await kubectl(['apply', '-f', '-'], { input: JSON.stringify(list) });
  await kubectl(['-n', namespace, 'wait', '--for=condition=Ready', 'pod', '-l', selector, '--timeout=90s']);
}
