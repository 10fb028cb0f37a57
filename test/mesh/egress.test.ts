import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pause } from '#platform/time/pause.ts';
import { kubectl, loadMeshRpcs } from '../../scripts/mesh/index.ts';
import { applyAndWait, meshNamespace, sidecarName } from './cluster.ts';
import { idlePod } from './pods.ts';
import { fetchFrom } from './probe.ts';

const namespace = 'outcry-egress';
const outsider = { namespace, target: 'pod/outsider' };
const notification = { namespace: meshNamespace, target: 'deployment/notification' };
// A server outside of the namespace that answers every caller.
const outside = 'http://istiod.istio-system.svc.cluster.local:15014/version';
const open = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'egress-tests', namespace: meshNamespace },
  spec: { podSelector: {}, egress: [{}], policyTypes: ['Egress'] },
};
const openNetwork = () => kubectl(['apply', '-f', '-'], { input: JSON.stringify(open) });
const closeNetwork = () =>
  kubectl(['-n', meshNamespace, 'delete', 'networkpolicy', open.metadata.name, '--ignore-not-found']);

beforeAll(async () => {
  const pod = await idlePod('outsider', { namespace, serviceAccountName: 'default' });
  await applyAndWait(
    namespace,
    [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, pod],
    'app=outsider',
  );
});

afterAll(async () => {
  await closeNetwork();
  await kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--wait=false']);
});

describe('scope', () => {
  it('lets no service call anything outside of the namespace, by name or by address', {
    timeout: 120_000,
  }, async () => {
    expect(await fetchFrom(outsider, outside)).toBe('200');
    const address = await kubectl(['-n', 'istio-system', 'get', 'service/istiod', '-o', 'jsonpath={.spec.clusterIP}']);
    const byAddress = outside.replace('istiod.istio-system.svc.cluster.local', address);
    expect(await fetchFrom(outsider, byAddress)).toBe('200');
    // Once the network lets them through, the proxies alone decide.
    await openNetwork();
    await pause(3_000);
    expect(await fetchFrom(notification, outside)).not.toBe('200');
    expect(await fetchFrom(notification, byAddress)).not.toBe('200');
    await closeNetwork();
  });

  it('sends a proxy the services of its namespace and no others', async () => {
    const dump = ['pilot-agent', 'request', 'GET', 'clusters?format=json'];
    const text = await kubectl(['-n', meshNamespace, 'exec', 'deploy/notification', '-c', sidecarName, '--', ...dump]);
    const { cluster_statuses: clusters } = JSON.parse(text) as { cluster_statuses: { name: string }[] };
    const hosts = clusters.flatMap(({ name }) => (name.startsWith('outbound|') ? (name.split('|')[3] ?? []) : []));
    const callees = new Set((await loadMeshRpcs()).map(({ callee }) => callee));
    for (const callee of callees) expect(hosts).toContain(`${callee}.${meshNamespace}.svc.cluster.local`);
    expect(hosts.filter((host) => host.endsWith('.svc.cluster.local') && !host.includes(`.${meshNamespace}.`))).toEqual(
      [],
    );
  });
});
