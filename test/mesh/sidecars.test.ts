import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectl } from '../../scripts/mesh/index.ts';
import { onlyWithAll } from './all-only.ts';
import { applyAndWait, meshNamespace } from './cluster.ts';
import { idlePod } from './pods.ts';
import { type ProcessorReading, processorsUsed, readProcessor, type Used } from './processor.ts';
import { bringUpSecond, removeSecond, type SecondSystem } from './second-system.ts';

const takesAll = process.env.OUTCRY_MESH_ALL === '1';
const callers = 16;
const seconds = 40;
const rounds = 3;
const loader = 'loader';
const plainNamespace = 'outcry-plain';
const plain: SecondSystem = { namespace: plainNamespace, hasMesh: false };

type Orders = {
  orders: number;
  failed: number;
  failure: string;
  ordersPerSecond: number;
  medianMs: number;
  p99Ms: number;
};

// The gateway takes calls of the pod that places orders.
const opening = [
  {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'sidecar-tests', namespace: meshNamespace },
    spec: {
      selector: { matchLabels: { 'outcry.dev/service': 'gateway' } },
      rules: [{ from: [{ source: { serviceAccounts: [loader] } }] }],
    },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'sidecar-tests', namespace: meshNamespace },
    spec: { podSelector: {}, ingress: [{}], egress: [{}], policyTypes: ['Ingress', 'Egress'] },
  },
];
const openingList = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: opening });

const tenths = (value: number) => Math.round(10 * value) / 10;

async function makeLoader(namespace: string): Promise<void> {
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: loader, namespace } };
  await applyAndWait(
    namespace,
    [account, await idlePod(loader, { namespace, serviceAccountName: loader })],
    `app=${loader}`,
  );
}

// The house traders would be most of the load.
const scaleTraders = (namespace: string, replicas: number) =>
  kubectl(['-n', namespace, 'scale', 'deployment/simulator', `--replicas=${replicas}`]);

async function placeOrders(namespace: string): Promise<Orders & { before: ProcessorReading; after: ProcessorReading }> {
  const program = await readFile(new URL('./place-orders.mjs', import.meta.url), 'utf8');
  const input = `globalThis.callers = ${callers};\nglobalThis.seconds = ${seconds};\n${program}`;
  const before = await readProcessor(namespace);
  const node = ['/nodejs/bin/node', '--input-type=module', '-'];
  const text = await kubectl(['-n', namespace, 'exec', '-i', loader, '-c', 'service', '--', ...node], {
    input,
    timeoutMs: 180_000,
  });
  const after = await readProcessor(namespace);
  return { ...(JSON.parse(text) as Orders), before, after };
}

describe('orders with and without sidecars', () => {
  beforeAll(async () => {
    if (!takesAll) return;
    await bringUpSecond(plain);
    await kubectl(['apply', '-f', '-'], { input: openingList });
    for (const namespace of [meshNamespace, plainNamespace]) {
      await makeLoader(namespace);
      await scaleTraders(namespace, 0);
    }
  }, 600_000);
  afterAll(async () => {
    if (!takesAll) return;
    await removeSecond(plain);
    await kubectl(['delete', '--ignore-not-found', '-f', '-'], { input: openingList });
    await kubectl([
      '-n',
      meshNamespace,
      'delete',
      `pod/${loader}`,
      `serviceaccount/${loader}`,
      '--ignore-not-found',
      '--wait=false',
    ]);
    await scaleTraders(meshNamespace, 1);
  }, 120_000);

  it('are placed by the same pods, turn by turn, and the difference is what the sidecars cost', {
    timeout: 900_000,
  }, async (context) => {
    onlyWithAll(context);
    for (let round = 1; round <= rounds; round += 1) {
      for (const namespace of [plainNamespace, meshNamespace]) {
        const { before, after, ...placed } = await placeOrders(namespace);
        const used = [...processorsUsed(before, after)].filter(([service]) => service !== loader);
        const perOrderMs = (read: (used: Used) => number) =>
          tenths((1_000 * used.reduce((total, [, own]) => total + read(own), 0)) / placed.ordersPerSecond);
        const processor = {
          servicesMs: perOrderMs(({ service }) => service),
          sidecarsMs: perOrderMs(({ sidecar }) => sidecar),
        };
        const hasSidecars = namespace === meshNamespace;
        console.log(JSON.stringify({ bench: 'mesh', sidecars: hasSidecars, round, ...placed, ...processor }));
        if (hasSidecars && round === rounds) {
          for (const [service, own] of used)
            console.log(
              JSON.stringify({
                bench: 'mesh',
                service,
                milli: Math.round(1_000 * own.service),
                sidecarMilli: Math.round(1_000 * own.sidecar),
              }),
            );
        }
        expect(placed.failed).toBe(0);
        expect(placed.orders).toBeGreaterThan(50);
      }
    }
  });
});
