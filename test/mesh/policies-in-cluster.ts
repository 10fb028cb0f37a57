/** The policies of the system as the cluster has them, to be taken away and put back. */
import { kubectl } from '../../scripts/mesh/index.ts';
import { meshNamespace } from './cluster.ts';

/** A policy, with the fields that put it back. */
export type LivePolicy = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace: string; labels?: object; annotations?: object };
  spec?: unknown;
};

const kinds = [
  'authorizationpolicies.security.istio.io',
  'peerauthentications.security.istio.io',
  'sidecars.networking.istio.io',
  'telemetries.telemetry.istio.io',
  'gateways.networking.istio.io',
  'virtualservices.networking.istio.io',
  'destinationrules.networking.istio.io',
  'networkpolicies.networking.k8s.io',
];

/** All of them. */
export async function readLivePolicies(): Promise<LivePolicy[]> {
  const text = await kubectl(['-n', meshNamespace, 'get', kinds.join(','), '-o', 'json']);
  const { items } = JSON.parse(text) as { items: LivePolicy[] };
  return items.map(({ apiVersion, kind, metadata, spec }) => {
    const { name, namespace, labels, annotations } = metadata;
    return { apiVersion, kind, metadata: { name, namespace, labels, annotations }, spec };
  });
}

/** Takes one away while `use` runs. It is put back however that ends. */
export async function withoutPolicy(policy: LivePolicy, use: () => Promise<void>): Promise<void> {
  const [group = ''] = policy.apiVersion.split('/');
  const { name, namespace } = policy.metadata;
  await kubectl(['-n', namespace, 'delete', `${policy.kind.toLowerCase()}.${group}/${name}`]);
  try {
    await use();
  } finally {
    await kubectl(['apply', '-f', '-'], { input: JSON.stringify(policy) });
  }
}
