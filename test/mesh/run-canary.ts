/** Canaries by our own command. */
import { expect } from 'vitest';
import { kubectl, runCommand } from '../../scripts/mesh/index.ts';
import { meshNamespace } from './cluster.ts';

const commandMsMax = 600_000;
const inNamespace = (...args: string[]) => kubectl(['-n', meshNamespace, ...args]);

/** Runs `npm run canary`. Resolves to what it printed; rejects with CommandError when it aborted. */
export function runCanary(service: string, ...args: string[]): Promise<string> {
  const command = ['scripts/run.mjs', 'scripts/mesh/canary/main.ts', service, ...args];
  return runCommand('node', command, { timeoutMs: commandMsMax });
}

/** A field of the container of the stable version. */
export function stableField(service: string, path: string): Promise<string> {
  const container = '{.spec.template.spec.containers[?(@.name=="service")]';
  return inNamespace('get', `deployment/${service}`, '-o', `jsonpath=${container}${path}}`);
}

/** The flags of a version with the image that runs, and these settings: two versions differ in settings only. */
export async function versionFlags(service: string, env: Readonly<Record<string, string>>): Promise<string[]> {
  const settings = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  return ['--image', await stableField(service, '.image'), ...settings];
}

type Routes = { spec: { http: { name: string; route?: { weight?: number }[] }[] } };

/** The routes to a service. */
export async function readRoutes(service: string): Promise<Routes['spec']['http']> {
  const name = service === 'gateway' ? 'route-ingress-to-gateway' : `retries-${service}`;
  const { spec } = JSON.parse(await inNamespace('get', 'virtualservice', name, '-o', 'json')) as Routes;
  return spec.http.filter(({ route }) => route !== undefined);
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** What `kubectl apply` compares with is of no version: else the next one is refused. */
async function expectAppliesAgain(): Promise<void> {
  const text = await inNamespace('get', 'virtualservices', '-o', 'json');
  const { items } = JSON.parse(text) as { items: { metadata: { annotations?: Record<string, string> } }[] };
  const applied = items.map(({ metadata }) => metadata.annotations?.[lastApplied] ?? '');
  expect(applied.filter((one) => one.includes('resourceVersion'))).toEqual([]);
}

/** No canary is left, all calls go to the stable version, and the overlay can be applied again. */
export async function expectNoCanary(service: string): Promise<void> {
  expect(await inNamespace('get', 'deployments,pods', '-l', 'track=canary', '-o', 'name')).toBe('');
  await expectAppliesAgain();
  for (const { name, route = [] } of await readRoutes(service)) {
    expect(
      route.map(({ weight = 0 }) => weight),
      name,
    ).toEqual([100, 0]);
  }
}
