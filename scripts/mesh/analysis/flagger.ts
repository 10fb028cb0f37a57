import { rpcPort } from '../allow-policies.ts';
import { ejection } from '../destination-rules.ts';
import { type MeshFile, meshFile } from '../mesh-file.ts';
import type { CanaryService } from './argo-rollouts.ts';
import { patchText } from './patch-text.ts';
import { type Query, queriesFor } from './queries.ts';
import { rolePatch } from './role-patch.ts';

/** The folder of what Flagger needs: a component, which that of k8s/ includes. */
export const flaggerFolder = 'canary-flagger';

const prometheus = 'http://prometheus.istio-system:9090';
const group = 'flagger.app/v1beta1';

/** A Canary and its metrics for each service, with the routes that hand the choice of a version to Flagger's own. */
export function flaggerFiles(services: readonly CanaryService[]): MeshFile[] {
  const names = services.map(({ name }) => name);
  const files = services.flatMap(({ name }) => {
    const queries = queriesFor(versionsOf(name));
    return [
      meshFile(`${flaggerFolder}/canary-${name}`, canary(name, queries)),
      ...queries.map((query) => meshFile(`${flaggerFolder}/metric-${name}-${query.name}`, metricTemplate(name, query))),
    ];
  });
  const component = {
    apiVersion: 'kustomize.config.k8s.io/v1alpha1',
    kind: 'Component',
    resources: files.map(({ name }) => name.slice(flaggerFolder.length + 1)),
    patches: [rolePatch(names, "metadata.labels['app']"), ...services.flatMap(delegatePatches)],
  };
  return [...files, meshFile(`${flaggerFolder}/kustomization`, component)];
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
