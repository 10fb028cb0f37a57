/** Who may call whom, by the contracts and the table of services: what the AuthorizationPolicies must come to. */
import { rpcPort } from '../allow-policies.ts';
import type { MeshRpc } from '../contracts.ts';
import { type Authorization, admits, type MeshCall } from './authorization.ts';
import type { Policy } from './policy-file.ts';
import { otherPods, postgresPort, rabbitmqPort, serviceNames, smtpPort, tcpEdges } from './tcp-edges.ts';

// The identity of the ingress in the files, which an overlay replaces.
const ingressIdentity = 'istio-ingress/istio-ingressgateway-service-account';

const identities = [...serviceNames, ...otherPods, ingressIdentity];

/** Calls that the policies let through or refuse otherwise than the contracts say. One line for each. */
export function findWrongCalls(policies: readonly Policy<Authorization>[], rpcs: readonly MeshRpc[]): string[] {
  const expected: [MeshCall, boolean][] = [];
  for (const caller of identities) {
    for (const { callee, path, callers } of rpcs)
      expected.push([{ caller, callee, port: rpcPort, path }, callers.includes(caller)]);
    for (const [to, port] of [
      ['postgres', postgresPort],
      ['rabbitmq', rabbitmqPort],
      ['mailbox', smtpPort],
    ] as const) {
      const isEdge = tcpEdges.some((edge) => edge.from === caller && edge.to === to);
      expected.push([{ caller, callee: to, port }, isEdge]);
    }
    for (const callee of ['simulator', 'stranger'])
      expected.push([{ caller, callee, port: rpcPort, path: '/any' }, false]);
    expected.push(...callsOfGateway(caller, rpcs));
  }
  const wrong = expected.filter(([call, isAllowed]) => admits(policies, call) !== isAllowed);
  return wrong.map(([{ caller, callee, port, path = '', host }, isAllowed]) => {
    const under = host === undefined ? '' : ` under ${host}`;
    return `${caller} ${isAllowed ? 'may not' : 'may'} call ${callee}:${port} ${path}${under}`;
  });
}

function callsOfGateway(caller: string, rpcs: readonly MeshRpc[]): [MeshCall, boolean][] {
  const call = { caller, callee: 'gateway', port: rpcPort };
  const isIngress = caller === ingressIdentity;
  return rpcs
    .filter(({ isPublic }) => isPublic)
    .flatMap(({ path, isForOperators }): [MeshCall, boolean][] => [
      [{ ...call, path, host: 'any.example.com' }, isIngress && !isForOperators],
      [{ ...call, path, host: 'operators.localhost' }, isIngress],
    ]);
}
