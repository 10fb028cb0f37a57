import { gatewayService } from '#platform/auth/access.ts';
import { rpcPort } from './allow-policies.ts';
import type { MeshRpc } from './contracts.ts';
import { type MeshFile, meshFile, podsOf } from './mesh-file.ts';
import { virtualService } from './retry-routes.ts';

/** The name of the routes from outside to what people may call. */
export const ingressRouteName = 'route-ingress-to-gateway';

/** The name of the routes from outside under the host of the operators. */
export const operatorsRouteName = 'route-operators-to-gateway';

/** The contracts themselves: of use to whom operates the system, and to whom attacks it. */
const reflectionPrefix = '/grpc.reflection.';

// An RPC that is not there is answered the same.
const notThere = { status: 404 };

// The ingress replaces what a caller says of its own address. How long a browser insists on TLS is a parameter of the overlay.
const headers = {
  request: { set: { 'x-forwarded-for': '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%' } },
  response: { set: { 'strict-transport-security': 'max-age=0' } },
};

/**
 * The routes from outside to the gateway, with the same rule for retries as inside: those of the public host answer RPCs for operators and
 * reflection as if they were not there, those of the operators' host have everything.
 */
export function ingressRoutes(rpcs: readonly MeshRpc[]): MeshFile[] {
  const open = rpcs.filter(({ isPublic }) => isPublic);
  const common = { callee: gatewayService, host: gatewayService, headers };
  return [
    virtualService({
      ...common,
      name: ingressRouteName,
      hosts: ['*'],
      gateways: ['ingress-gateway'],
      first: [refusal(open)],
      rpcs: open.filter(({ isForOperators }) => !isForOperators),
    }),
    virtualService({
      ...common,
      name: operatorsRouteName,
      hosts: ['operators.localhost'],
      gateways: ['operators-gateway'],
      rpcs: open,
    }),
  ];
}

function refusal(rpcs: readonly MeshRpc[]): object {
  const match = [...operatorsPaths(rpcs).map((exact) => ({ uri: { exact } })), { uri: { prefix: reflectionPrefix } }];
  return { name: 'operators-only', match, headers, directResponse: notThere };
}

/** The gateway's own lock: whatever way in is used, RPCs for operators pass under their host only. */
export function refuseOperatorsRpcs(rpcs: readonly MeshRpc[]): MeshFile {
  const paths = [...operatorsPaths(rpcs), `${reflectionPrefix}*`];
  const name = 'refuse-operators-rpcs-elsewhere';
  return meshFile(name, {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name },
    spec: {
      selector: podsOf(gatewayService),
      action: 'DENY',
      // The second form is for callers that name the port.
      rules: [
        {
          to: [
            {
              operation: {
                ports: [String(rpcPort)],
                paths,
                notHosts: ['operators.localhost', 'operators.localhost:*'],
              },
            },
          ],
        },
      ],
    },
  });
}

function operatorsPaths(rpcs: readonly MeshRpc[]): string[] {
  return rpcs.filter(({ isForOperators }) => isForOperators).map(({ path }) => path);
}
