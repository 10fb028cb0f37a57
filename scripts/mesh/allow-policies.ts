import { gatewayService } from '#platform/auth/access.ts';
import { compareTexts, type MeshRpc } from './contracts.ts';
import { folderOf, type MeshFile, meshFile, podsOf } from './mesh-file.ts';

/** The RPCs of one service that another one may call. */
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
  const operation = { ports: [String(rpcPort)], methods: ['POST'], paths: edge.paths };
  return allow({ name: edgeName(edge), callee: edge.callee, callers: [edge.caller], operation });
}

/** The policy that lets the services with a database, and no other, connect to PostgreSQL. */
export function allowPostgres(services: readonly string[]): MeshFile {
  return allowServices('postgres', 5432, services);
}

/** The policy that lets the services on the bus, and no other, connect to RabbitMQ. */
export function allowRabbitmq(services: readonly string[]): MeshFile {
  return allowServices('rabbitmq', 5672, services);
}

function allowServices(callee: string, port: number, services: readonly string[]): MeshFile {
  return allow({
    name: `allow-${callee}-from-services`,
    callee,
    callers: services,
    operation: { ports: [String(port)] },
  });
}

function allow(policy: { name: string; callee: string; callers: readonly string[]; operation: object }): MeshFile {
  const { name, callee, callers, operation } = policy;
  return meshFile(`${folderOf([callee, ...(callers.length === 1 ? callers : [])])}${name}`, {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name },
    spec: {
      selector: podsOf(callee),
      action: 'ALLOW',
      // Identities of the policy's own namespace, whichever that is, and of the mesh's own trust domain.
      rules: [{ from: [{ source: { serviceAccounts: [...callers] } }], to: [{ operation }] }],
    },
  });
}

function edgeName({ callee, caller }: Pick<Edge, 'callee' | 'caller'>): string {
  return `allow-${callee}-from-${caller}`;
}
