import { gatewayService } from '#platform/auth/access.ts';
import { destinationsOf } from './canary-routes.ts';
import { compareTexts, type MeshRpc, type Retry } from './contracts.ts';
import { folderOf, hostsOf, type MeshFile, meshFile } from './mesh-file.ts';

// The handler with the longest limit, the audit, takes two minutes. A caller's own deadline, which the proxies obey too, is nearly
// always shorter. A stream has no such limit, as its first message may take any time.
const perTryTimeoutSeconds = 120;
const retriesMax = 2;
// The call has not reached the callee's code, so that also a call without a key may be sent again.
const failuresBeforeCall = 'connect-failure,refused-stream,reset-before-request';
// The same, and no answer at all: what reads or has a key may be sent again.
const failuresWithoutAnswer = `${failuresBeforeCall},reset`;
// An answer UNAVAILABLE is the clients' to repeat: they know deadlines and have a budget, and both together would multiply. No client
// opens a stream again by itself.
const retriedFailures: Record<Exclude<Retry, 'never'>, string> = {
  timed: failuresWithoutAnswer,
  untimed: `${failuresWithoutAnswer},unavailable`,
};

const routeNames: Record<Exclude<Retry, 'never'>, string> = { timed: 'retried', untimed: 'retried-streams' };

/**
 * The routes to each service of the mesh: reads and keyed calls are tried again, everything else only where it cannot have run. Sorted by
 * service. Hosts are short names, which are of the policy's own namespace.
 */
export function serviceRoutes(rpcs: readonly MeshRpc[]): MeshFile[] {
  // What the gateway answers itself comes by the ingress alone.
  // What the gateway answers itself comes by the ingress alone.
  const called = rpcs.filter(({ callee }) => callee !== gatewayService);
  const callees = [...new Set(called.map(({ callee }) => callee))].toSorted(compareTexts);
  return callees.flatMap((callee) => {
    const own = rpcs.filter((rpc) => rpc.callee === callee);
    return hostsOf(callee).map((host) =>
      virtualService({ name: routesName(host), callee, host, hosts: [host], rpcs: own }),
    );
  });
}

/** The name of the routes to a Service from inside the mesh. */
export function routesName(host: string): string {
  return `retries-${host}`;
}

type RouteOptions = {
  name: string;
  callee: string;
  /** The Service that the routes lead to. */
  host: string;
  hosts: string[];
  gateways?: string[];
  /** What every route does to headers. */
  headers?: object;
  /** Routes that come before all others. */
  first?: object[];
  rpcs: MeshRpc[];
};

/** A VirtualService with a route for each way to try again. */
export function virtualService(options: RouteOptions): MeshFile {
  const { name, callee, host, hosts, gateways, headers, first = [], rpcs } = options;
  const target = { ...(headers && { headers }), route: destinationsOf(callee, host) };
  return meshFile(`${folderOf([callee])}${name}`, {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name },
    spec: {
      hosts,
      ...(gateways && { gateways }),
      http: [
        ...first,
        ...retriedRoute('timed', rpcs, target),
        ...retriedRoute('untimed', rpcs, target),
        { name: 'once', retries: { attempts: retriesMax, retryOn: failuresBeforeCall }, ...target },
      ],
    },
  });
}

/** No route when there is no path: Istio takes a route without a match for everything. */
function retriedRoute(retry: Exclude<Retry, 'never'>, rpcs: readonly MeshRpc[], target: object): object[] {
  const paths = rpcs.filter((rpc) => rpc.retry === retry).map(({ path }) => path);
  if (paths.length === 0) return [];
  const retries = {
    attempts: retriesMax,
    ...(retry === 'timed' && { perTryTimeout: `${perTryTimeoutSeconds}s` }),
    retryOn: retriedFailures[retry],
  };
  return [{ name: routeNames[retry], match: paths.map((exact) => ({ uri: { exact } })), retries, ...target }];
}
