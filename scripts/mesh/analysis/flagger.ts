import { rpcPort } from '../allow-policies.ts';
import { ejection } from '../destination-rules.ts';
import { type MeshFile, meshFile } from '../mesh-file.ts';
import type { CanaryService } from './argo-rollouts.ts';
import { patchText } from './patch-text.ts';
import { type Query, queriesFor } from './queries.ts';
import { rolePatch } from './role-patch.ts';
import { toolFiles } from './tool-files.ts';

const flaggerFolder = 'canary-flagger';

const prometheus = 'http://prometheus.istio-system:9090';
const group = 'flagger.app/v1beta1';

/**
 * A component for each service, with its Canary, its metrics, and routes that hand the choice of a version to Flagger's own; and one of all,
 * which that of k8s/ includes.
 */
export function flaggerFiles(services: readonly CanaryService[]): MeshFile[] {
  return toolFiles(
    flaggerFolder,
    services.map((service) => {
      const { name } = service;
      const queries = queriesFor(versionsOf(name));
      const metrics = queries.map((query) => meshFile(`metric-${query.name}`, metricTemplate(name, query)));
      return {
        service: name,
        resources: [meshFile('canary', canary(name, queries)), ...metrics],
        patches: [rolePatch(name, "metadata.labels['app']"), ...delegatePatches(service)],
      };
    }),
  );
}

// Flagger names the Deployment that it promotes to SERVICE-primary; the canary is the one that was there.
function versionsOf(service: string) {
  const pods = (name: string) => `${name}-[0-9a-z]+-[0-9a-z]+`;
  return { service, namespace: '{{ namespace }}', canary: pods(service), stable: pods(`${service}-primary`) };
}

function canary(service: string, queries: readonly Query[]): object {
  return {
    apiVersion: group,
    kind: 'Canary',
    metadata: { name: service },
    spec: {
      provider: 'istio',
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: service },
      progressDeadlineSeconds: 180,
      service: {
        port: rpcPort,
        portName: 'grpc',
        targetPort: 'grpc',
        appProtocol: 'grpc',
        // What is tried again stands in the routes that delegate to this one.
        delegation: true,
        trafficPolicy: { loadBalancer: { simple: 'LEAST_REQUEST' }, outlierDetection: ejection },
      },
      analysis: {
        interval: '20s',
        threshold: 2,
        stepWeights: [10, 50],
        metrics: queries.map(({ name, min, max }) => ({
          name,
          interval: '1m',
          templateRef: { name: `${service}-${name}` },
          // At each look one call at least; twenty of them are a matter of time.
          thresholdRange: min === undefined ? { max } : { min: 1 },
        })),
      },
    },
  };
}

function metricTemplate(service: string, { name, query }: Query): object {
  return {
    apiVersion: group,
    kind: 'MetricTemplate',
    metadata: { name: `${service}-${name}` },
    spec: { provider: { type: 'prometheus', address: prometheus }, query },
  };
}

/** The routes of a service with what is tried again, of which Flagger's route says where they lead. */
function delegatePatches({ name: service, routes }: CanaryService): object[] {
  return routes.map(({ name, http }) => {
    const changes = http.flatMap(({ route }, index) =>
      route === undefined
        ? []
        : [
            { op: 'remove', path: `/spec/http/${index}/route` },
            { op: 'add', path: `/spec/http/${index}/delegate`, value: { name: service } },
          ],
    );
    return { target: { kind: 'VirtualService', name }, patch: patchText(changes) };
  });
}
