import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { kubectl, loadMeshRpcs, type MeshRpc } from '../../scripts/mesh/index.ts';
import { services } from '../../supervisor/index.ts';
import { createTestClient } from '../support/clients.ts';
import { grpcurlClient, hasGrpcurl } from '../support/grpcurl-client.ts';
import { liveInvestorsDay } from '../support/investors-day.ts';
import type { TestClient } from '../support/test-client.ts';
import {
  administrator,
  applyAndWait,
  auditMesh,
  containersOf,
  ingressUrl,
  listPods,
  meshNamespace,
  operatorsUrl,
  sidecarName,
} from './cluster.ts';
import { idlePod, outsideNamespace, standInPod } from './pods.ts';
import { meshRefusal, postgresCall, probe, type RpcCall, serviceCaller, smtpCall } from './probe.ts';

const callers = services.map(({ name }) => name);
const outsider = { namespace: outsideNamespace, target: 'pod/outsider' };
const stranger = { namespace: meshNamespace, target: 'pod/stranger' };
const rpcs = await loadMeshRpcs();

type ClusterConfig = {
  name: string;
  circuit_breakers?: { thresholds?: { retry_budget?: object }[] };
  outlier_detection?: object;
};

const withoutCanary = ['exchange', 'mailbox', 'simulator'];

const toPath = ({ path }: MeshRpc) => path;
const toCall = ({ callee, path }: MeshRpc): RpcCall => ({ service: callee, path });
const inNamespace = (...args: string[]) => kubectl(['-n', meshNamespace, ...args]);

/** Opens the network for the tests of the mesh, so that the mesh alone decides. */
const openNetwork = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'mesh-tests', namespace: meshNamespace },
  spec: { podSelector: {}, ingress: [{}], egress: [{}], policyTypes: ['Ingress', 'Egress'] },
};

beforeAll(async () => {
  const metadata = { name: 'stranger', namespace: meshNamespace };
  const pods = [
    applyAndWait(
      outsideNamespace,
      [
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: outsideNamespace } },
        await idlePod('outsider', { namespace: outsideNamespace, serviceAccountName: 'default' }),
      ],
      'app=outsider',
    ),
    applyAndWait(
      meshNamespace,
      [
        { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
        await idlePod('stranger', { namespace: meshNamespace, serviceAccountName: 'stranger' }),
      ],
      'app=stranger',
    ),
  ];
  await Promise.all(pods);
});

afterAll(async () => {
  await inNamespace('delete', 'networkpolicy', openNetwork.metadata.name, '--ignore-not-found');
  await kubectl(['delete', 'namespace', outsideNamespace, '--ignore-not-found', '--wait=false']);
  await inNamespace('delete', 'pod,serviceaccount', 'stranger', '--ignore-not-found', '--wait=false');
});

describe('the cluster', () => {
  it('runs every service with a sidecar, all ready', async () => {
    const pods = (await listPods()).filter(({ metadata }) => metadata.name !== 'stranger');
    // An overlay may put the bus on a RabbitMQ.
    const running = pods.map(({ metadata }) => metadata.labels.app).filter((name) => name !== 'rabbitmq');
    expect(new Set(running)).toEqual(new Set([...callers, 'postgres']));
    for (const pod of pods) {
      const ready = containersOf(pod).map(({ name, ready }) => ({ name, ready }));
      expect(ready, pod.metadata.name).toHaveLength(2);
      expect(ready, pod.metadata.name).toContainEqual({ name: sidecarName, ready: true });
      expect(
        ready.every((container) => container.ready),
        pod.metadata.name,
      ).toBe(true);
    }
  });
});

describe('network/deny-all and its exceptions', () => {
  const unenforced = process.env.OUTCRY_NETWORK_POLICIES === 'unenforced';

  it('let no pod of another namespace connect, nor one that no policy names', async (context) => {
    if (unenforced) return context.skip('OUTCRY_NETWORK_POLICIES says that this network enforces no policy');
    const health = { service: 'ledger', path: '/grpc.health.v1.Health/Check' };
    const { rpcs: fromOutside } = await probe(outsider, { rpcs: [health, { ...health, service: 'gateway' }] });
    // No answer, and none that begins: the connection itself is refused or dropped.
    for (const { status, error } of fromOutside) expect({ status, error }).not.toMatchObject({ error: 'ECONNRESET' });
    expect(fromOutside.map(({ status }) => status)).toEqual([0, 0]);
    const { rpcs: fromStranger } = await probe(stranger, { rpcs: [health] });
    expect(fromStranger[0]).not.toEqual(meshRefusal);
  });

  it('let the tests of the mesh connect from here on', async () => {
    await kubectl(['apply', '-f', '-'], { input: JSON.stringify(openNetwork) });
    await expect
      .poll(async () => (await probe(stranger, { rpcs: [{ service: 'ledger', path: '/any.Service/Call' }] })).rpcs[0], {
        timeout: 40_000,
        interval: 1_000,
      })
      .toEqual(meshRefusal);
  });
});

describe('strict-mtls', () => {
  it('refuses plaintext to every service, and to PostgreSQL', async () => {
    const healthChecks = callers.map((service) => ({ service, path: '/grpc.health.v1.Health/Check' }));
    const results = await probe(outsider, { rpcs: healthChecks, tcp: [postgresCall, smtpCall] });
    expect(results.rpcs).toHaveLength(callers.length);
    for (const [index, result] of results.rpcs.entries()) {
      expect(result, callers[index]).toMatchObject({ status: 0, grpcStatus: '' });
      expect(result.error, callers[index]).toMatch(/ECONNRESET|ERR_HTTP2/);
    }
    expect(results.tcp).toEqual(['', '']);
  });
});

describe('default-deny', () => {
  it('refuses an identity that no policy names, whatever it calls', async () => {
    const results = await probe(stranger, { rpcs: rpcs.map(toCall), tcp: [postgresCall] });
    expect(results.rpcs).toHaveLength(rpcs.length);
    for (const [index, result] of results.rpcs.entries()) expect(result, rpcs[index]?.path).toEqual(meshRefusal);
    expect(results.tcp).toEqual(['']);
  });
});

describe('allow-CALLEE-from-CALLER', () => {
  it.for(services)(
    'lets $name call what the contracts name it for, of others and of itself, and nothing else',
    async ({ name, database, bus }) => {
      const calls = { rpcs: rpcs.map(toCall), tcp: [postgresCall, smtpCall] };
      const { rpcs: results, tcp } = await probe(serviceCaller(name), calls);
      const passed = rpcs.filter((_, index) => results[index]?.message !== meshRefusal.message);
      expect(passed.map(toPath)).toEqual(rpcs.filter((rpc) => rpc.callers.includes(name)).map(toPath));
      for (const [index, result] of results.entries()) expect(result.error, rpcs[index]?.path).toBeUndefined();
      const [postgres, smtp] = tcp;
      expect(postgres).toBe(database || bus ? 'N' : '');
      // The greeting is on its way before the client has said anything that could be refused.
      expect(smtp?.includes('250 ')).toBe(name === 'notification');
    },
  );
});

describe('the ingress', () => {
  it("passes an investor's day by grpcurl", { timeout: 240_000 }, async (context) => {
    requireOrSkip(context, hasGrpcurl(), 'grpcurl is not installed');
    const client = grpcurlClient(await ingressUrl(), { byReflection: false });
    await liveInvestorsDay(client, await administrator(), 'ACME', createTestClient('grpcurl', await operatorsUrl()));
  });

  it("passes an investor's day by Connect", { timeout: 240_000 }, async () => {
    const [client, operators] = [await ingressUrl(), await operatorsUrl()].map((url) =>
      createTestClient('connect', url),
    );
    await liveInvestorsDay(client as TestClient, await administrator(), 'BOLT', operators);
  });

  it('serves the page over HTTP/1.1', async () => {
    const answer = await fetch(await ingressUrl());
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Outcry');
  });
});

describe('balance-SERVICE', () => {
  it('bounds further tries by a share of the calls, and leaves out pods that fail', async () => {
    const text = await inNamespace(
      ...['exec', 'deploy/gateway', '-c', sidecarName, '--', 'pilot-agent', 'request', 'GET'],
      'config_dump?resource=dynamic_active_clusters',
    );
    const clusters = (JSON.parse(text) as { configs: { cluster: ClusterConfig }[] }).configs.map(
      ({ cluster }) => cluster,
    );
    for (const service of callers) {
      // The service as a whole, and each version that it can have.
      for (const subset of ['', ...(withoutCanary.includes(service) ? [] : ['stable', 'canary'])]) {
        const name = `outbound|9000|${subset}|${service}.${meshNamespace}.svc.cluster.local`;
        const cluster = clusters.find((one) => one.name === name);
        const [threshold] = cluster?.circuit_breakers?.thresholds ?? [];
        expect(threshold?.retry_budget, name).toEqual({ budget_percent: { value: 20 }, min_retry_concurrency: 10 });
        expect(cluster?.outlier_detection !== undefined, name).toBe(service !== 'exchange');
      }
    }
  });
});

describe('retries-user', () => {
  let replicas = '1';

  afterAll(async () => {
    await inNamespace('delete', 'pod', 'stand-in-user', '--ignore-not-found');
    await inNamespace('scale', 'deployment/user', `--replicas=${replicas}`);
    await inNamespace('rollout', 'status', 'deployment/user', '--timeout=120s');
  });

  it('tries a read and a keyed call three times when nothing answers, a log-in only where it cannot have run', {
    timeout: 120_000,
  }, async () => {
    replicas = await inNamespace('get', 'deployment/user', '-o', 'jsonpath={.spec.replicas}');
    await inNamespace('scale', 'deployment/user', '--replicas=0');
    await inNamespace('wait', '--for=delete', 'pod', '-l', 'app=user', '--timeout=60s');
    await applyAndWait(meshNamespace, [await standInPod('user', { hasSidecar: false })], 'role=stand-in');
    const paths = ['SessionService/GetJwks', 'UserService/Register', 'SessionService/LogIn'];
    const call = (path: string, ends: string): RpcCall => ({
      service: 'user',
      path: `/outcry.user.v1.${path}`,
      headers: { 'x-probe': `${path} ${ends}`, 'x-ends': ends },
    });
    const ends = ['refused', 'reset', 'unavailable'];
    const calls = ends.flatMap((how) => paths.map((path) => call(path, how)));
    const { rpcs: results } = await probe(serviceCaller('gateway'), { rpcs: calls });
    const tries = results.map(({ message }) => (message.startsWith('try ') ? message : 'no answer'));
    expect(tries.slice(0, 3)).toEqual(['try 3', 'try 3', 'try 3']);
    expect(tries.slice(3, 6)).toEqual(['try 3', 'try 3', 'no answer']);
    // An answer is the clients' to repeat.
    expect(tries.slice(6)).toEqual(['try 1', 'try 1', 'try 1']);
  });
});

describe('the audit, after all this', () => {
  it('finds every cent and share', async () => {
    await auditMesh();
  });
});
