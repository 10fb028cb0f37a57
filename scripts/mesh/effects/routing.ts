/** What the proxies do with a call on its way, by the rules of Istio's documents for VirtualService and DestinationRule. */
import type { Policy } from './policy-file.ts';

type Uri = { exact?: string; prefix?: string };
type HttpRoute = {
  match?: { uri?: Uri }[];
  retries?: { retryOn: string };
  directResponse?: { status: number };
};

/** The parts of a VirtualService that ours use. */
export type Routes = { hosts: string[]; gateways?: string[]; http: HttpRoute[] };

/** The parts of a Gateway that ours use. */
export type Entry = {
  servers: {
    port: { number: number };
    hosts: string[];
    tls?: { httpsRedirect?: boolean; minProtocolVersion?: string };
  }[];
};

// What Istio repeats for a host without a route of its own, whatever the call is.
const istiosRetries = 'connect-failure,refused-stream,unavailable,cancelled,503';

/** The failures after which a proxy of the mesh sends a call to a host again. */
export function retriesInside(routes: readonly Policy<Routes>[], host: string, path: string): string[] {
  const found = routes.find(({ spec }) => spec.gateways === undefined && spec.hosts.includes(host));
  return (routeOf(found?.spec.http ?? [], path)?.retries?.retryOn ?? istiosRetries).split(',');
}

/** The status with which the ingress answers a call itself; 0 when it passes it on, and none when nothing listens under that host. */
export function answerAtIngress(
  entries: readonly Policy<Entry>[],
  routes: readonly Policy<Routes>[],
  { host, path }: { host: string; path: string },
): number | undefined {
  const entry = mostExact(entries, host, ({ servers }) =>
    servers.filter(({ port }) => port.number === 443).flatMap(({ hosts }) => hosts),
  );
  if (entry === undefined) return undefined;
  const own = routes.filter(({ spec }) => spec.gateways?.includes(entry.metadata.name));
  const found = mostExact(own, host, ({ hosts }) => hosts);
  const route = routeOf(found?.spec.http ?? [], path);
  return route === undefined ? 404 : (route.directResponse?.status ?? 0);
}

function mostExact<Spec>(
  policies: readonly Policy<Spec>[],
  host: string,
  hostsOf: (spec: Spec) => string[],
): Policy<Spec> | undefined {
  const exact = policies.find(({ spec }) => hostsOf(spec).includes(host));
  return exact ?? policies.find(({ spec }) => hostsOf(spec).includes('*'));
}

function routeOf(routes: readonly HttpRoute[], path: string): HttpRoute | undefined {
  return routes.find(({ match }) => match === undefined || match.some(({ uri }) => uriMatches(uri, path)));
}

function uriMatches(uri: Uri | undefined, path: string): boolean {
  if (uri?.exact !== undefined) return uri.exact === path;
  return uri?.prefix === undefined || path.startsWith(uri.prefix);
}
