import { folderOf, hasCanary, hostsOf, type MeshFile, meshFile, type Track, trackLabel } from './mesh-file.ts';

// Of all calls in progress, this share may be further tries at once, and this many where there are few calls.
const retryPercent = 20;
const retriesAtOnceMin = 10;

/**
 * A pod that answers UNAVAILABLE or not at all, five times in a row, gets no calls for a while. Half of the pods may be out, so that the
 * only one never is; the proxies never send calls to such pods because too few are left.
 */
export const ejection = {
  consecutive5xxErrors: 0,
  consecutiveGatewayErrors: 5,
  interval: '5s',
  baseEjectionTime: '15s',
  maxEjectionPercent: 50,
  minHealthPercent: 0,
};

const tracks: Track[] = ['stable', 'canary'];
// The canary's has pods only while there is one.
const subsets = tracks.map((name) => ({ name, labels: { [trackLabel]: name } }));

// What `istioctl analyze` says of a subset without pods.
const emptySubset = 'IST0173';

// One process of the exchange serves, and answers UNAVAILABLE for the moment of a takeover: leaving it out would end trading.
const neverEjected: ReadonlySet<string> = new Set(['exchange']);

/**
 * One rule for each service, with everything that the proxies do beside routing: rules for one host are not merged, so a second one would
 * silently drop the first.
 */
export function destinationRules(services: readonly string[]): MeshFile[] {
  return services.flatMap((service) => hostsOf(service).map((host) => destinationRule(service, host)));
}

function destinationRule(service: string, host: string): MeshFile {
  const name = `balance-${host}`;
  return meshFile(`${folderOf([service])}${name}`, {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name, ...(hasCanary(service) && { annotations: { 'galley.istio.io/analyze-suppress': emptySubset } }) },
    spec: {
      host,
      trafficPolicy: {
        loadBalancer: { simple: 'LEAST_REQUEST' },
        retryBudget: { percent: retryPercent, minRetryConcurrency: retriesAtOnceMin },
        ...(!neverEjected.has(service) && { outlierDetection: ejection }),
      },
      ...(hasCanary(service) && { subsets }),
    },
  });
}
