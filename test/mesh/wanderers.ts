/** Two pods without sidecars that take any service's place in the network's rules: one connects, one listens. */
import { kubectl, serviceLabel } from '../../scripts/mesh/index.ts';
import { meshNamespace, serviceImage } from './cluster.ts';

/** The namespaces in which a pod may stand: the system's, the ingress's, and one that may read metrics. */
export type Place = { namespace: string; service?: string };

const scrapersNamespace = 'outcry-scrapers';
const listensAt = [9000, 5432, 5672, 2525, 15020];
const listener = `for (const port of ${JSON.stringify(listensAt)}) (await import('node:net')).createServer((one) => one.end()).listen(port, '0.0.0.0');`;
const idle = 'setInterval(() => {}, 2 ** 30)';

/** The ingress's namespace. */
export const ingressPlace: Place = { namespace: 'istio-ingress' };
/** A namespace with the label that lets it read metrics. */
export const scraperPlace: Place = { namespace: scrapersNamespace };

let listenerAddress = '';
const connectors = [meshNamespace, ingressPlace.namespace, scrapersNamespace];

// Never ready, so that no Service sends it a call, whatever its label says.
function podOf(name: string, namespace: string, image: string, program: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { 'sidecar.istio.io/inject': 'false' } },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'service',
          image,
          imagePullPolicy: 'IfNotPresent',
          args: ['--input-type=module', '--eval', program],
          readinessProbe: { exec: { command: ['/nothing'] }, periodSeconds: 3_600 },
          resources: { requests: { cpu: '10m', memory: '48Mi' }, limits: { memory: '128Mi' } },
        },
      ],
    },
  };
}

/** Makes the pods, and waits until they run. */
export async function makeWanderers(): Promise<void> {
  const image = await serviceImage();
  const scrapes = { 'outcry.dev/scrapes-metrics': 'true' };
  const items = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: scrapersNamespace, labels: scrapes } },
    ...connectors.map((namespace) => podOf('connector', namespace, image, idle)),
    podOf('listener', meshNamespace, image, listener),
  ];
  await kubectl(['apply', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) });
  for (const namespace of connectors) await untilRunning(namespace, 'connector');
  await untilRunning(meshNamespace, 'listener');
  const path = 'jsonpath={.status.podIP}';
  listenerAddress = await kubectl(['-n', meshNamespace, 'get', 'pod', 'listener', '-o', path]);
  labels.clear();
}

function untilRunning(namespace: string, name: string): Promise<string> {
  return kubectl(['-n', namespace, 'wait', '--for=jsonpath={.status.phase}=Running', `pod/${name}`, '--timeout=90s']);
}

/** Takes the pods away again. */
export async function removeWanderers(): Promise<void> {
  const gone = ['--ignore-not-found', '--wait=false', '--force', '--grace-period=0'];
  for (const namespace of connectors) await kubectl(['-n', namespace, 'delete', 'pod', 'connector', ...gone]);
  await kubectl(['-n', meshNamespace, 'delete', 'pod', 'listener', ...gone]);
  await kubectl(['delete', 'namespace', scrapersNamespace, '--ignore-not-found', '--wait=false']);
}

const labels = new Map<string, string>();

async function takePlaceOf(name: string, service: string): Promise<void> {
  if (labels.get(name) === service) return;
  await kubectl(['-n', meshNamespace, 'label', 'pod', name, `${serviceLabel}=${service}`, '--overwrite']);
  labels.set(name, service);
}

/** Whether a pod in place of one service gets a new connection to a pod in place of another. */
export async function connectsTo(from: Place, to: string, port: number): Promise<boolean> {
  if (from.namespace === meshNamespace) await takePlaceOf('connector', from.service ?? 'none');
  await takePlaceOf('listener', to);
  const call = `const s = net.connect({ host: ${JSON.stringify(listenerAddress)}, port: ${port}, timeout: 1500 });
const end = (how) => process.stdout.write(how, () => process.exit());
s.on('connect', () => end('open')); s.on('error', () => end('closed')); s.on('timeout', () => end('closed'));`;
  return (await runInConnector(from.namespace, call)) === 'open';
}

/** Whether a pod of the system finds a name. */
export async function findsNames(): Promise<boolean> {
  const call = `const end = (how) => process.stdout.write(how, () => process.exit());
setTimeout(() => end('none'), 2000);
dns.lookup('kubernetes.default.svc.cluster.local', (error) => end(error ? 'none' : 'found'));`;
  return (await runInConnector(meshNamespace, call)) === 'found';
}

function runInConnector(namespace: string, program: string): Promise<string> {
  const input = `import net from 'node:net';\nimport dns from 'node:dns';\n${program}`;
  const node = ['/nodejs/bin/node', '--input-type=module', '-'];
  return kubectl(['-n', namespace, 'exec', '-i', 'connector', '--', ...node], { input });
}
