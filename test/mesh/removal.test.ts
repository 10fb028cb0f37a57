import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { kubectl } from '../../scripts/mesh/index.ts';
import { onlyWithAll } from './all-only.ts';
import { applyAndWait, meshNamespace } from './cluster.ts';
import { idlePod, outsideNamespace } from './pods.ts';
import { type LivePolicy, readLivePolicies, withoutPolicy } from './policies-in-cluster.ts';
import { checkOf } from './policy-checks.ts';
import { makeWanderers, removeWanderers } from './wanderers.ts';

const takesAll = process.env.OUTCRY_MESH_ALL === '1';
const policies = await readLivePolicies();
const ofNetwork = policies.filter(({ kind }) => kind === 'NetworkPolicy');
const ofMesh = policies.filter(({ kind }) => kind !== 'NetworkPolicy');

// The mesh alone decides, and the gateway takes calls of somebody beside the ingress.
const openings = [
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'removal-tests', namespace: meshNamespace },
    spec: { podSelector: {}, ingress: [{}], egress: [{}], policyTypes: ['Ingress', 'Egress'] },
  },
  {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'removal-tests', namespace: meshNamespace },
    spec: {
      selector: { matchLabels: { 'outcry.dev/service': 'gateway' } },
      rules: [{ from: [{ source: { serviceAccounts: ['stranger'] } }] }],
    },
  },
];
const openingsList = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: openings });

async function makeCallers(): Promise<void> {
  const metadata = { name: 'stranger', namespace: meshNamespace };
  await applyAndWait(
    meshNamespace,
    [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
      await idlePod('stranger', { namespace: meshNamespace, serviceAccountName: 'stranger' }),
    ],
    'app=stranger',
  );
  await applyAndWait(
    outsideNamespace,
    [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: outsideNamespace } },
      await idlePod('outsider', { namespace: outsideNamespace, serviceAccountName: 'default' }),
    ],
    'app=outsider',
  );
}

/** What the policy is for holds with it, does not without it, and holds again. */
async function showNeed(policy: LivePolicy): Promise<void> {
  const check = checkOf(policy);
  if (check === undefined) return;
  const becomes = (holds: boolean) => eventually(async () => expect(await check()).toBe(holds), { timeoutMs: 60_000 });
  await becomes(true);
  await withoutPolicy(policy, async () => {
    await becomes(false);
  });
  await becomes(true);
}

// A Job has ended when its policy could be looked at, and there may be no RabbitMQ.
const unchecked = ['allow-postgres-from-create-databases', 'allow-rabbitmq-from-services', 'removal-tests'];

describe('the policies in the cluster', () => {
  it('have a check here, each of them', () => {
    const without = policies.filter((policy) => checkOf(policy) === undefined).map(({ metadata }) => metadata.name);
    expect(without.filter((name) => !unchecked.includes(name))).toEqual([]);
  });
});

const names = (some: readonly LivePolicy[]) => some.map((policy) => [policy.metadata.name, policy] as const);

describe('a policy of the mesh', () => {
  beforeAll(async () => {
    if (!takesAll) return;
    await makeCallers();
    await kubectl(['apply', '-f', '-'], { input: openingsList });
  });
  afterAll(async () => {
    if (!takesAll) return;
    await kubectl(['delete', '--ignore-not-found', '-f', '-'], { input: openingsList });
    await kubectl([
      '-n',
      meshNamespace,
      'delete',
      'pod,serviceaccount',
      'stranger',
      '--ignore-not-found',
      '--wait=false',
    ]);
    await kubectl(['delete', 'namespace', outsideNamespace, '--ignore-not-found', '--wait=false']);
  });

  it.for(names(ofMesh))('is needed: %s', { timeout: 240_000 }, async ([, policy], context) => {
    onlyWithAll(context);
    await showNeed(policy);
  });
});

describe('a policy of the network', () => {
  beforeAll(async () => {
    if (takesAll) await makeWanderers();
  });
  afterAll(async () => {
    if (takesAll) await removeWanderers();
  });

  it.for(names(ofNetwork))('is needed: %s', { timeout: 240_000 }, async ([, policy], context) => {
    onlyWithAll(context);
    await showNeed(policy);
  });
});
