import { gatewayService } from '#platform/auth/access.ts';
import { compareTexts, type MeshRpc } from './contracts.ts';
import { generatedNote, type MeshFile, meshNamespace } from './mesh-file.ts';

/** Who may call what of whom. */
export type Edge = { callee: string; caller: string; paths: string[] };

/** The port on which every service serves its contract. */
export const rpcPort = 9000;

const healthPaths = ['/grpc.health.v1.Health/Check', '/grpc.health.v1.Health/Watch'];

/** The edges that the contracts make, sorted by file name. The gateway also follows the health of what it passes calls on to. */
export function edgesOf(rpcs: readonly MeshRpc[]): Edge[] {
  const edges = new Map<string, Edge>();
  for (const { path, callee, callers } of rpcs) {
    for (const caller of callers) {
      const name = edgeName({ callee, caller });
      const edge = edges.get(name) ?? { callee, caller, paths: caller === gatewayService ? [...healthPaths] : [] };
      edge.paths.push(path);
      edges.set(name, edge);
    }
  }
  return [...edges.values()]
    .map((edge) => ({ ...edge, paths: edge.paths.toSorted(compareTexts) }))
    .toSorted((one, other) => compareTexts(edgeName(one), edgeName(other)));
}

/** The policy that lets one service call what the contracts name of another, and nothing else. */
export function allowPolicy(edge: Edge): MeshFile {
  const name = edgeName(edge);
  const text = `${generatedNote}
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: ${name}
spec:
  selector:
    matchLabels:
      app: ${edge.callee}
  action: ALLOW
  rules:
    - from:
        - source:
            principals:
              - ${principalOf(edge.caller)}
      to:
        - operation:
            ports: ["${rpcPort}"]
            methods: [POST]
            paths:
${edge.paths.map((path) => `              - ${path}\n`).join('')}`;
  return { name: `${name}.yaml`, text };
}

/** The policy that lets the services with a database, and no others, connect to PostgreSQL. */
export function allowPostgres(services: readonly string[]): MeshFile {
  const text = `${generatedNote}
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-postgres-from-services
spec:
  selector:
    matchLabels:
      app: postgres
  action: ALLOW
  rules:
    - from:
        - source:
            principals:
${services.map((service) => `              - ${principalOf(service)}\n`).join('')}      to:
        - operation:
            ports: ["5432"]
`;
  return { name: 'allow-postgres-from-services.yaml', text };
}

function edgeName({ callee, caller }: Pick<Edge, 'callee' | 'caller'>): string {
  return `allow-${callee}-from-${caller}`;
}

function principalOf(service: string): string {
  return `cluster.local/ns/${meshNamespace}/sa/${service}`;
}
