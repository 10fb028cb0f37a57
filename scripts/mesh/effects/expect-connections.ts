/** Who may connect to whom, by the contracts and the table of services: what the NetworkPolicies must come to. */
import { rpcPort } from '../allow-policies.ts';
import type { MeshRpc } from '../contracts.ts';
import { connects, type Network, type NetworkPod } from './network.ts';
import type { Policy } from './policy-file.ts';
import { otherPods, postgresPort, rabbitmqPort, serviceNames, smtpPort, tcpEdges } from './tcp-edges.ts';

const metricsPort = 15020;

type NamedPod = NetworkPod & { name: string };
const podOf = (name: string): NamedPod => ({ name, labels: { 'outcry.dev/service': name } });
const namespace = (name: string): NamedPod => ({
  name,
  labels: {},
  namespaceLabels: { 'kubernetes.io/metadata.name': name },
});
const scraper: NamedPod = { name: 'scraper', labels: {}, namespaceLabels: { 'outcry.dev/scrapes-metrics': 'true' } };

/** Connections that the network lets through or refuses otherwise than the contracts say. One line for each. */
export function findWrongConnections(policies: readonly Policy<Network>[], rpcs: readonly MeshRpc[]): string[] {
  const pods = [...serviceNames, 'postgres', 'rabbitmq', ...otherPods].map(podOf);
  const edges = new Set([
    ...rpcs.flatMap(({ callee, callers }) => callers.map((caller) => edge(caller, callee, rpcPort))),
    ...tcpEdges.map(({ from, to, port }) => edge(from, to, port)),
    edge('istio-ingress', 'gateway', rpcPort),
    ...pods.flatMap(({ name }) => [
      edge('scraper', name, metricsPort),
      edge(name, 'kube-system', 53),
      edge(name, 'istio-system', 15012),
    ]),
  ]);
  const outside = [namespace('istio-ingress'), namespace('kube-system'), namespace('istio-system'), scraper];
  const ports = [rpcPort, postgresPort, rabbitmqPort, smtpPort, metricsPort, 53, 15012];
  const pairs = [...pods, ...outside].flatMap((from) => [...pods, ...outside].map((to) => ({ from, to })));
  return pairs
    .filter(({ from, to }) => from.namespaceLabels === undefined || to.namespaceLabels === undefined)
    .flatMap(({ from, to }) =>
      ports.flatMap((port) => {
        const line = edge(from.name, to.name, port);
        const isOpen = connects(policies, { from, to, port });
        if (isOpen === edges.has(line)) return [];
        return [`${line} is ${isOpen ? 'open' : 'closed'}`];
      }),
    );
}

function edge(from: string, to: string, port: number): string {
  return `${from} to ${to}:${port}`;
}
