import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { ensureEdgeSecrets, kubectl, type Manifest } from '../../scripts/mesh/index.ts';
import { applyAndWait } from './cluster.ts';
import { idlePod, serverPod } from './pods.ts';
import { hostOf, renderSecond, type SecondSystem } from './second-system.ts';

const namespace = 'outcry-gateway-api';
const system: SecondSystem = { namespace, hasMesh: true, components: ['gateway-api'] };
const outsideNamespace = 'outcry-gateway-api-outside';
const host = hostOf(system);
const operatorsHost = `operators.${host}`;
const kinds = await kubectl(['get', 'crd', '-o', 'name']);
const hasKinds = kinds.includes('httproutes.gateway.networking.k8s.io');

// It answers every request with the host that it was made under.
const standIn = `(await import('node:http2')).createServer((request, response) => response.end(request.authority)).listen(9000, '0.0.0.0');`;

/** What the component is about: the way in, the gateway's Service and identity, and the policies. No other service runs. */
function isWanted({ apiVersion, kind, metadata }: Manifest): boolean {
  const isOfGateway = metadata.name === 'gateway' && ['Service', 'ServiceAccount'].includes(kind);
  return kind === 'NetworkPolicy' || /^(gateway\.networking|[a-z]+\.istio)/.test(apiVersion) || isOfGateway;
}

beforeAll(async () => {
  if (!hasKinds) return;
  const overlay = await renderSecond(system);
  const namespaces = overlay.manifests.filter(({ kind }) => kind === 'Namespace');
  await kubectl(['apply', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: namespaces }) });
  await ensureEdgeSecrets(overlay);
  const pod = await serverPod('stand-in-gateway', { namespace, service: 'gateway', program: standIn });
  await applyAndWait(namespace, [...overlay.manifests.filter(isWanted), pod], 'app=stand-in-gateway');
  await kubectl(['-n', namespace, 'rollout', 'status', 'deployment/ingress-istio', '--timeout=90s']);
  const outside = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: outsideNamespace } };
  const caller = await idlePod('caller', { namespace: outsideNamespace, serviceAccountName: 'default' });
  await applyAndWait(outsideNamespace, [outside, caller], 'app=caller');
}, 240_000);
afterAll(async () => {
  for (const name of [namespace, outsideNamespace])
    await kubectl(['delete', 'namespace', name, '--ignore-not-found', '--wait=false']);
});

/** What the ingress answers to a call from outside of the mesh: status, and text or place. */
async function answer(url: string): Promise<string> {
  const { protocol, hostname, pathname } = new URL(url);
  const place = { host: `ingress-istio.${namespace}.svc.cluster.local`, path: pathname, headers: { host: hostname } };
  const options = { ...place, servername: hostname, rejectUnauthorized: false, timeout: 5_000 };
  const program = `import * as api from 'node:${protocol.slice(0, -1)}';
const end = (text) => process.stdout.write(text, () => process.exit());
api.get(${JSON.stringify(options)}, async (answer) => end([answer.statusCode, answer.headers.location ?? (await answer.toArray()).join('')].join(' '))).on('error', (error) => end(error.code));`;
  const node = ['/nodejs/bin/node', '--input-type=module', '-'];
  return kubectl(['-n', outsideNamespace, 'exec', '-i', 'caller', '-c', 'service', '--', ...node], { input: program });
}

describe('the component gateway-api', () => {
  it('lets people in by TLS under both hosts, and operators’ RPCs under theirs alone', {
    timeout: 180_000,
  }, async (context) => {
    requireOrSkip(context, hasKinds, 'the cluster lacks the kinds of the Gateway API: scripts/mesh/gateway-kinds.sh');
    const rpc = '/outcry.user.v1.UserAdminService/SetRoles';
    await expect.poll(() => answer(`https://${host}/`), { timeout: 60_000, interval: 1_000 }).toBe(`200 ${host}`);
    expect(await answer(`http://${host}/any`)).toBe(`301 https://${host}/any`);
    expect(await answer(`https://${operatorsHost}${rpc}`)).toBe(`200 ${operatorsHost}`);
    // No route of this way in refuses it: the gateway's own sidecar does.
    expect(await answer(`https://${host}${rpc}`)).toBe('403 RBAC: access denied');
  });
});
