/** What the files of istio/ come to, worked out from the files alone and compared with the contracts: a reading of them beside the generator's. */
import { gatewayService } from '#platform/auth/access.ts';
import { services } from '../../../supervisor/index.ts';
import type { MeshRpc } from '../contracts.ts';
import { hasCanary, hostsOf } from '../mesh-file.ts';
import { findWrongCalls } from './expect-calls.ts';
import { findWrongConnections } from './expect-connections.ts';
import { ofKind, type Policy } from './policy-file.ts';
import { answerAtIngress, type Entry, type Routes, retriesInside } from './routing.ts';

type Balance = {
  host: string;
  trafficPolicy: { retryBudget?: object; outlierDetection?: object };
  subsets?: { name: string }[];
};
type Scope = { outboundTrafficPolicy?: { mode: string }; egress?: { hosts: string[] }[] };
type AccessLog = { accessLogging?: { filter?: { expression: string } }[] };

/** Where the policies do otherwise than the contracts say. One line for each; none when all of them hold. */
export function findEffectProblems(policies: readonly Policy[], rpcs: readonly MeshRpc[]): string[] {
  return [
    ...findOpenPlaintext(policies),
    ...findWrongCalls(ofKind(policies, 'AuthorizationPolicy'), rpcs),
    ...findWrongConnections(ofKind(policies, 'NetworkPolicy'), rpcs),
    ...findWrongRetries(ofKind(policies, 'VirtualService'), rpcs),
    ...findUnbalanced(ofKind(policies, 'DestinationRule')),
    ...findWrongEntries(ofKind(policies, 'Gateway'), ofKind(policies, 'VirtualService'), rpcs),
    ...findOpenEgress(ofKind(policies, 'Sidecar')),
    ...findMissingLog(ofKind(policies, 'Telemetry')),
  ];
}

function findOpenPlaintext(policies: readonly Policy[]): string[] {
  const strict = ofKind<{ selector?: object; mtls?: { mode: string } }>(policies, 'PeerAuthentication');
  const holds = strict.some(({ spec }) => spec.selector === undefined && spec.mtls?.mode === 'STRICT');
  return holds ? [] : ['plaintext is accepted'];
}

/** A call may be repeated after a reset when it reads or has a key, and always when it cannot have run. */
function findWrongRetries(routes: readonly Policy<Routes>[], rpcs: readonly MeshRpc[]): string[] {
  // Nothing inside of the mesh calls the gateway.
  const called = rpcs.filter(({ callee }) => callee !== gatewayService);
  return called.flatMap(({ callee, path, retry }) =>
    hostsOf(callee).flatMap((host) => {
      const failures = retriesInside(routes, host, path);
      const isRepeated = failures.includes('reset');
      const holds = failures.includes('reset-before-request') && isRepeated === (retry !== 'never');
      const says = failures.includes('unavailable') === (retry === 'untimed');
      return holds && says ? [] : [`${path} at ${host} is repeated after ${failures.join(', ')}`];
    }),
  );
}

function findUnbalanced(rules: readonly Policy<Balance>[]): string[] {
  return services
    .flatMap(({ name }) => hostsOf(name).map((host) => ({ name, host })))
    .flatMap(({ name, host }) => {
      const spec = rules.find((rule) => rule.spec.host === host)?.spec;
      const hasBudget = spec?.trafficPolicy.retryBudget !== undefined;
      const isEjected = spec?.trafficPolicy.outlierDetection !== undefined;
      const versions = spec?.subsets?.map((subset) => subset.name).join() ?? '';
      const holds =
        hasBudget && isEjected === (name !== 'exchange') && versions === (hasCanary(name) ? 'stable,canary' : '');
      return holds ? [] : [`${host} has no bound for further tries, no ejection or no versions`];
    });
}

function findWrongEntries(
  entries: readonly Policy<Entry>[],
  routes: readonly Policy<Routes>[],
  rpcs: readonly MeshRpc[],
): string[] {
  const paths = [...rpcs.filter(({ isPublic }) => isPublic), { path: '/grpc.reflection.v1.Any', isForOperators: true }];
  const wrong = paths.flatMap(({ path, isForOperators }) => {
    const publicly = answerAtIngress(entries, routes, { host: 'any.example.com', path });
    const operators = answerAtIngress(entries, routes, { host: 'operators.localhost', path });
    if (publicly === (isForOperators ? 404 : 0) && operators === 0) return [];
    return [`${path} is answered ${publicly} under the public host, ${operators} under the operators'`];
  });
  const servers = entries.flatMap(({ spec }) => spec.servers);
  const isOld = servers.some(({ port, tls }) => port.number === 443 && tls?.minProtocolVersion !== 'TLSV1_2');
  const redirects = servers.some(({ port, tls }) => port.number === 80 && tls?.httpsRedirect === true);
  return [
    ...wrong,
    ...(isOld ? ['TLS older than 1.2 is spoken'] : []),
    ...(redirects ? [] : ['nothing redirects to TLS']),
  ];
}

function findOpenEgress(scopes: readonly Policy<Scope>[]): string[] {
  const [scope] = scopes;
  const isClosed = scope?.spec.outboundTrafficPolicy?.mode === 'REGISTRY_ONLY';
  const isOwn = scope?.spec.egress?.every(({ hosts }) => hosts.every((host) => host.startsWith('./'))) === true;
  return isClosed && isOwn ? [] : ['proxies reach what is outside of the namespace'];
}

function findMissingLog(telemetries: readonly Policy<AccessLog>[]): string[] {
  const isLogged = telemetries.some(({ spec }) => spec.accessLogging?.some(({ filter }) => filter !== undefined));
  return isLogged ? [] : ['proxies log no failed call'];
}
