import { rpcPort } from '../allow-policies.ts';
import { type Deployment, secondDeployment, type Version } from '../canary/canary-deployment.ts';
import type { Route } from '../canary-routes.ts';
import { CommandError } from '../command.ts';
import { serviceLabel } from '../manifest.ts';
import { hasCanary, trackLabel } from '../mesh-file.ts';
import { experimentLabel } from './fault.ts';

/** A route that sends copies. */
export type MirroringRoute = Omit<Route, 'route'> & { route?: Route['route']; mirrors?: object[] };

/** The name of the second version of a service that gets copies: its Deployment, its Service and the label of its pods. */
export function mirrorName(service: string): string {
  return `${service}-mirror`;
}

/**
 * The second version and the Service before it. It has the role of a mirror: it takes nothing that exists once, and refuses every call that changes
 * something, as all that it gets are copies. Throws CommandError for a service that can have no second version.
 */
export function mirrorManifests(stable: Deployment, version: Version): object[] {
  const { name, namespace } = stable.metadata;
  if (!hasCanary(name)) throw new CommandError(`${name} has no second version`);
  const own = mirrorName(name);
  const labels = { [serviceLabel]: name, [trackLabel]: 'mirror' };
  const deployment = secondDeployment(stable, version, { name: own, track: 'mirror' });
  const { metadata } = deployment;
  return [
    { ...deployment, metadata: { ...metadata, labels: { ...metadata.labels, [experimentLabel]: 'mirror' } } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: own, namespace, labels: { [experimentLabel]: 'mirror' } },
      spec: { selector: labels, ports: [{ name: 'grpc', port: rpcPort, targetPort: 'grpc', appProtocol: 'grpc' }] },
    },
  ];
}

/** Routes that send a copy of so many of 100 calls to the second version; of none: as they were. Throws CommandError out of bounds. */
export function mirrorRoutes(service: string, routes: readonly MirroringRoute[], percent: number): MirroringRoute[] {
  if (!Number.isInteger(percent) || percent < 0 || percent > 100) throw new CommandError('--percent takes 1 to 100');
  return routes.map(({ mirrors: _, ...route }) => {
    // A route that answers by itself sends nothing on.
    if (percent === 0 || route.route === undefined) return route;
    const destination = { host: mirrorName(service), port: { number: rpcPort } };
    return { ...route, mirrors: [{ destination, percentage: { value: percent } }] };
  });
}
