import { rpcPort } from './allow-policies.ts';
import { hasCanary, type Track } from './mesh-file.ts';

/** Where the calls of a route go: a Service, or one of the two versions behind it. */
export type RouteDestination = {
  destination: { host: string; subset?: Track; port: { number: number } };
  weight?: number;
};

/** A route of a VirtualService: the parts that a canary changes. */
export type Route = {
  name: string;
  match?: { headers?: Record<string, { regex: string }> }[];
  /** None where the proxy itself answers. */
  route?: RouteDestination[];
};

/** How much of a service's calls its canary gets. */
export type CanaryShare = {
  /** Of 100 calls; 0 to 100. */
  weight: number;
  /** Whether calls that ask for it by their baggage go to the canary, whatever the weight: only while it has pods. */
  byHeader: boolean;
};

/** Where the calls to a Service go when no canary runs: all to the stable version, where it can have another. */
export function destinationsOf(service: string, host: string): RouteDestination[] {
  if (!hasCanary(service)) return [{ destination: { host, port: { number: rpcPort } } }];
  return bothTracks(host, 0);
}

const byHeaderSuffix = '-by-header';

/** The routes to a service with another share for its canary: what the generator makes with none, whatever was there before. */
export function shareRoutes(service: string, routes: readonly Route[], { weight, byHeader }: CanaryShare): Route[] {
  // What the proxy answers itself comes first in either case: no header leads around it.
  const answered = routes.filter(({ route }) => route === undefined);
  const split = routes
    .filter(({ name, route }) => route !== undefined && !name.endsWith(byHeaderSuffix))
    .map((route) => ({ ...route, route: bothTracks(hostOf(route), weight) }));
  if (!byHeader) return [...answered, ...split];
  const headers = { baggage: { regex: baggageFor(service) } };
  const asked = split.map((route) => ({
    ...route,
    name: `${route.name}${byHeaderSuffix}`,
    match: (route.match ?? [{}]).map((match) => ({ ...match, headers })),
    route: [{ destination: destination(hostOf(route), 'canary') }],
  }));
  return [...answered, ...asked, ...split];
}

/** A whole `baggage` header that asks for the canary of a service, in the syntax of RE2; see platform/telemetry/carried-baggage.ts. */
export function baggageFor(service: string): string {
  return `(.*,)?\\s*outcry-canary=${service}\\s*([,;].*)?`;
}

function bothTracks(host: string, weight: number): RouteDestination[] {
  return [
    { destination: destination(host, 'stable'), weight: 100 - weight },
    { destination: destination(host, 'canary'), weight },
  ];
}

function destination(host: string, subset: Track): RouteDestination['destination'] {
  return { host, subset, port: { number: rpcPort } };
}

function hostOf({ route }: Route): string {
  return route?.[0]?.destination.host ?? '';
}
