import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kubectl } from '../../scripts/mesh/command.ts';
import { loadMeshRpcs } from '../../scripts/mesh/contracts.ts';
import { meshNamespace } from '../../scripts/mesh/mesh-file.ts';
import { SERVICES } from '../../scripts/start/services.ts';
import { createTestClient } from '../support/clients.ts';
import { hasGrpcurl } from '../support/grpcurl-client.ts';
import { audit, liveInvestorsDay } from '../support/investors-day.ts';
import { requireOrSkip } from '../support/require-or-skip.ts';
import { administrator, applyAndWait, containersOf, ingressUrl, listPods, sidecarName } from './cluster.ts';
import { idlePod, outsideNamespace, standInPod } from './pods.ts';
import { meshRefusal, probeRpcs, probeTcp, serviceCaller } from './probe.ts';

// What a client of PostgreSQL sends first: may we speak TLS?
const sslRequest = '0000000804d2162f';
const callers = SERVICES.map(({ name }) => name);
const outsider = { namespace: outsideNamespace, target: 'pod/outsider' };
const stranger = { namespace: meshNamespace, target: 'pod/stranger' };
const rpcs = await loadMeshRpcs();

const inNamespace = (...args: string[]) => kubectl(['-n', meshNamespace, ...args]);

beforeAll(async () => {
  const metadata = { name: 'stranger', namespace: meshNamespace };
  const pods = [
    applyAndWait(
      outsideNamespace,
      [
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: outsideNamespace } },
        idlePod('outsider', { namespace: outsideNamespace, serviceAccountName: 'default' }),
      ],
      'app=outsider',
    ),
    applyAndWait(
      meshNamespace,
      [
        { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
        idlePod('stranger', { namespace: meshNamespace, serviceAccountName: 'stranger' }),
      ],
      'app=stranger',
    ),
  ];
  await Promise.all(pods);
});

afterAll(async () => {
  await kubectl(['delete', 'namespace', outsideNamespace, '--ignore-not-found', '--wait=false']);
  await inNamespace('delete', 'pod,serviceaccount', 'stranger', '--ignore-not-found', '--wait=false');
});

describe('the cluster', () => {
  test('runs every service with a sidecar, all ready', async () => {
    const pods = (await listPods()).filter(({ metadata }) => metadata.name !== 'stranger');
    const running = pods.map(({ metadata }) => metadata.labels.app);
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

describe('strict-mtls', () => {
  test.for(callers)('refuses plaintext to %s', async (service) => {
    const [result] = await probeRpcs(outsider, [{ service, path: '/grpc.health.v1.Health/Check' }]);
    expect(result).toMatchObject({ status: 0, grpcStatus: '' });
    expect(result?.error).toMatch(/ECONNRESET|ERR_HTTP2/);
  });

  test('refuses plaintext to PostgreSQL', async () => {
    expect(await probeTcp(outsider, 'postgres', 5432, sslRequest)).toBe('');
  });
});

describe('default-deny', () => {
  test('refuses an identity that no policy names, whatever it calls', async () => {
    const results = await probeRpcs(
      stranger,
      rpcs.map(({ callee, path }) => ({ service: callee, path })),
    );
    for (const [index, result] of results.entries()) expect(result, rpcs[index]?.path).toEqual(meshRefusal);
    expect(await probeTcp(stranger, 'postgres', 5432, sslRequest)).toBe('');
  });
});

describe('allow-CALLEE-from-CALLER', () => {
  test.for(callers)('lets %s call what the contracts name it for, and nothing else', async (caller) => {
    const others = rpcs.filter(({ callee }) => callee !== caller);
    const results = await probeRpcs(
      serviceCaller(caller),
      others.map(({ callee, path }) => ({ service: callee, path })),
    );
    const passed = others.filter((_, index) => results[index]?.message !== meshRefusal.message);
    const named = others.filter((rpc) => rpc.callers.includes(caller));
    expect(passed.map(({ path }) => path)).toEqual(named.map(({ path }) => path));
    for (const [index, result] of results.entries()) expect(result.error, others[index]?.path).toBeUndefined();
  });

  test('lets services with a database connect to PostgreSQL, and no other', async () => {
    for (const { name, database } of SERVICES) {
      expect(await probeTcp(serviceCaller(name), 'postgres', 5432, sslRequest), name).toBe(database ? 'N' : '');
    }
  });

  test('lets the notification service hand mail over, and no other', async () => {
    expect(await probeTcp(serviceCaller('notification'), 'mailbox', 2525)).toMatch(/^220 /);
    expect(await probeTcp(serviceCaller('order'), 'mailbox', 2525)).toBe('');
  });
});

describe('the ingress', () => {
  test("passes an investor's day by grpcurl", { timeout: 240_000 }, async (context) => {
    requireOrSkip(context, hasGrpcurl(), 'grpcurl is not installed');
    await liveInvestorsDay(createTestClient('grpcurl', await ingressUrl()), await administrator(), 'ACME');
  });

  test("passes an investor's day by Connect", { timeout: 240_000 }, async () => {
    await liveInvestorsDay(createTestClient('connect', await ingressUrl()), await administrator(), 'BOLT');
  });

  test('serves the page over HTTP/1.1', async () => {
    const answer = await fetch(await ingressUrl());
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Outcry');
  });
});

describe('retries-user', () => {
  afterAll(async () => {
    await inNamespace('delete', 'pod', 'stand-in-user', '--ignore-not-found');
    await inNamespace('scale', 'deployment/user', '--replicas=1');
    await inNamespace('rollout', 'status', 'deployment/user', '--timeout=120s');
  });

  test('tries a read and a keyed call three times, a log-in once', { timeout: 120_000 }, async () => {
    await inNamespace('scale', 'deployment/user', '--replicas=0');
    await inNamespace('wait', '--for=delete', 'pod', '-l', 'app=user', '--timeout=60s');
    await applyAndWait(meshNamespace, [await standInPod('user')], 'role=stand-in');
    const paths = ['SessionService/GetJwks', 'UserService/Register', 'SessionService/LogIn'];
    const calls = paths.map((path) => ({
      service: 'user',
      path: `/outcry.user.v1.${path}`,
      headers: { 'x-probe': path },
    }));
    const results = await probeRpcs(serviceCaller('gateway'), calls);
    expect(results.map(({ message }) => message)).toEqual(['try 3', 'try 3', 'try 1']);
  });
});

describe('the audit, after all this', () => {
  test('finds every cent and share', async () => {
    await audit(createTestClient('fetch', await ingressUrl()), await administrator());
  });
});
