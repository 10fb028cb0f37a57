import { type Edge, rpcPort } from './allow-policies.ts';
import { compareTexts } from './contracts.ts';
import { type MeshFile, meshFile, networkFolder, podsOf } from './mesh-file.ts';

/** A connection between pods that the system makes; by default one of RPCs. */
export type Connection = { from: string; to: string; port: number };

/** The connections of the contracts' edges. */
export function connectionsOf(edges: readonly Edge[]): Connection[] {
  return edges.map(({ caller, callee }) => ({ from: caller, to: callee, port: rpcPort }));
}

/**
 * One policy for each pod that connects or is connected to: whom it takes connections of, and to whom it opens them. They hold also where a
 * sidecar is gone round, and for the ports that sidecars do not capture.
 */
export function networkPolicies(connections: readonly Connection[]): MeshFile[] {
  const names = new Set(connections.flatMap(({ from, to }) => [from, to]));
  return [...names].toSorted(compareTexts).map((name) => networkPolicy(name, connections));
}

function networkPolicy(name: string, connections: readonly Connection[]): MeshFile {
  const incoming = connections.filter(({ to }) => to === name);
  const outgoing = connections.filter(({ from }) => from === name);
  const ingress = rulesByPort(incoming, ({ from }) => from).map(({ peers, ports }) => ({ from: peers, ports }));
  const egress = rulesByPort(outgoing, ({ to }) => to).map(({ peers, ports }) => ({ to: peers, ports }));
  return meshFile(`${networkFolder}/connect-${name}`, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `connect-${name}` },
    spec: {
      podSelector: podsOf(name),
      policyTypes: ['Ingress', 'Egress'],
      ...(ingress.length > 0 && { ingress }),
      ...(egress.length > 0 && { egress }),
    },
  });
}

/** One rule a port, with the other pods sorted. */
function rulesByPort(connections: readonly Connection[], otherOf: (connection: Connection) => string) {
  const byPort = Map.groupBy(connections, ({ port }) => port);
  return [...byPort]
    .toSorted(([one], [other]) => one - other)
    .map(([port, group]) => ({
      peers: [...new Set(group.map(otherOf))].toSorted(compareTexts).map((other) => ({ podSelector: podsOf(other) })),
      ports: [{ protocol: 'TCP', port }],
    }));
}
