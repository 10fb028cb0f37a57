import https from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectl } from '../../scripts/mesh/index.ts';
import { onlyWithAll } from './all-only.ts';
import { ingressAddress, meshNamespace } from './cluster.ts';
import { meshRefusal, probe, serviceCaller } from './probe.ts';
import { bringUpSecond, hostOf, removeSecond, type SecondSystem } from './second-system.ts';

const takesAll = process.env.OUTCRY_MESH_ALL === '1';
// OUTCRY_LAST_IMAGE is the image of the last release.
const image = process.env.OUTCRY_LAST_IMAGE;
const other: SecondSystem = { namespace: 'outcry-last', hasMesh: true, ...(image !== undefined && { image }) };
const inOther = { namespace: other.namespace, target: 'deployment/order' };
const path = '/outcry.ledger.v1.LedgerInternalService/PlaceHolds';
const open = [meshNamespace, other.namespace].map((namespace) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'side-by-side', namespace },
  spec: { podSelector: {}, ingress: [{}], egress: [{}], policyTypes: ['Ingress', 'Egress'] },
}));
const openList = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: open });

/** The status that the ingress answers under a host, to whom takes its certificate as it is. */
async function statusUnder(host: string, path: string): Promise<number> {
  const { hostname, port } = new URL(`https://${await ingressAddress()}`);
  const options = {
    hostname,
    port: port || 443,
    path,
    servername: host,
    headers: { host },
    rejectUnauthorized: false,
    agent: false,
  };
  return new Promise((resolve, reject) => {
    const request = https.get(options, (answer) => {
      answer.destroy();
      resolve(answer.statusCode ?? 0);
    });
    request.on('error', reject);
  });
}

describe('the mesh of another release beside this one', () => {
  beforeAll(async () => {
    if (!takesAll) return;
    await bringUpSecond(other);
    await kubectl(['apply', '-f', '-'], { input: openList });
  }, 600_000);
  afterAll(async () => {
    if (!takesAll) return;
    await kubectl(['delete', '--ignore-not-found', '-f', '-'], { input: openList });
    await removeSecond(other);
  }, 120_000);

  it('has a host of its own, and neither lets the other’s services call its own', {
    timeout: 120_000,
  }, async (context) => {
    onlyWithAll(context);
    expect(await statusUnder(hostOf(other), '/')).toBe(200);
    expect(await statusUnder(`operators.${hostOf(other)}`, '/')).toBe(200);
    const ownPath = { rpcs: [{ service: 'ledger', path }] };
    const { rpcs: inside } = await probe(inOther, ownPath, other.namespace);
    expect(inside[0]?.message).not.toBe(meshRefusal.message);
    // A proxy knows no services of another namespace, so a call to one has no route.
    const { rpcs: across } = await probe(serviceCaller('order'), ownPath, other.namespace);
    expect(across[0]?.grpcStatus === '0' || across[0]?.message === inside[0]?.message).toBe(false);
    const { rpcs: back } = await probe(inOther, ownPath, meshNamespace);
    expect(back[0]?.grpcStatus === '0' || back[0]?.message === inside[0]?.message).toBe(false);
  });
});
