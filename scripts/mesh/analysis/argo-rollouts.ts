import type { Route } from '../canary-routes.ts';
import { type MeshFile, meshFile } from '../mesh-file.ts';
import { patchText } from './patch-text.ts';
import { queriesFor } from './queries.ts';
import { roleMetadata, rolePatch } from './role-patch.ts';
import { toolFiles } from './tool-files.ts';

const argoFolder = 'canary-argo-rollouts';

const prometheus = 'http://prometheus.istio-system:9090';
const group = 'argoproj.io/v1alpha1';

/** A service that can have a canary, with the VirtualServices that lead to it. */
export type CanaryService = { name: string; routes: { name: string; http: Partial<Route>[] }[] };

/** A component for each service, with its Rollout, its analysis and what they change; and one of all, which that of k8s/ includes. */
export function argoFiles(services: readonly CanaryService[]): MeshFile[] {
  return toolFiles(
    argoFolder,
    services.map(({ name, routes }) => ({
      service: name,
      resources: [meshFile('rollout', rollout(name, routes)), meshFile('analysis', analysis(name))],
      patches: [rolePatch(name), subsetPatch(name), scalePatch(name)],
    })),
  );
}

/** Takes the pods of the Deployment over, and moves the weights of its routes. */
function rollout(service: string, routes: CanaryService['routes']): object {
  // A route that answers by itself has no versions.
  const named = (http: Partial<Route>[]) => http.filter(({ route }) => route !== undefined).map(({ name }) => name);
  const step = (weight: number) => [
    { setWeight: weight },
    { pause: { duration: '30s' } },
    {
      analysis: {
        templates: [{ templateName: `canary-${service}` }],
        args: [
          { name: 'canary', valueFrom: { podTemplateHashValue: 'Latest' } },
          { name: 'stable', valueFrom: { podTemplateHashValue: 'Stable' } },
          { name: 'namespace', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
        ],
      },
    },
  ];
  return {
    apiVersion: group,
    kind: 'Rollout',
    metadata: { name: service, labels: { 'app.kubernetes.io/part-of': 'outcry' } },
    spec: {
      replicas: 1,
      revisionHistoryLimit: 3,
      selector: { matchLabels: { app: service } },
      workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: service, scaleDown: 'onsuccess' },
      strategy: {
        canary: {
          // A pod that calls still reach is asked to end only after the proxies have the new weights.
          scaleDownDelaySeconds: 30,
          canaryMetadata: roleMetadata('canary'),
          stableMetadata: roleMetadata('stable'),
          trafficRouting: {
            istio: {
              virtualServices: routes.map(({ name, http }) => ({ name, routes: named(http) })),
              destinationRule: { name: `balance-${service}`, canarySubsetName: 'canary', stableSubsetName: 'stable' },
            },
          },
          steps: [...step(10), ...step(50)],
        },
      },
    },
  };
}

function analysis(service: string): object {
  const pods = (arg: string) => `${service}-{{args.${arg}}}-.+`;
  const queries = queriesFor({
    service,
    namespace: '{{args.namespace}}',
    canary: pods('canary'),
    stable: pods('stable'),
  });
  return {
    apiVersion: group,
    kind: 'AnalysisTemplate',
    metadata: { name: `canary-${service}` },
    spec: {
      args: ['canary', 'stable', 'namespace'].map((name) => ({ name })),
      metrics: queries.map(({ name, query, min, max }) => ({
        name,
        interval: '10s',
        // What must come about is waited for; what must not be is looked at three times.
        ...(min === undefined
          ? { count: 3, failureLimit: 0 }
          : { count: 31, consecutiveSuccessLimit: 1, failureLimit: 29 }),
        successCondition: min === undefined ? `result[0] <= ${max}` : `result[0] >= ${min}`,
        provider: { prometheus: { address: prometheus, query } },
      })),
    },
  };
}

/** The subsets by what all pods have: Argo adds the hash of a version, which differs, and a promotion changes no label that routes look at. */
function subsetPatch(service: string): object {
  const labels = { 'app.kubernetes.io/part-of': 'outcry' };
  const subsets = ['stable', 'canary'].map((name) => ({ name, labels }));
  return {
    target: { kind: 'DestinationRule', name: `balance-${service}` },
    patch: patchText([{ op: 'replace', path: '/spec/subsets', value: subsets }]),
  };
}

/** The pods are the Rollout's, so autoscaling is its too, where an overlay has it. */
function scalePatch(service: string): object {
  const path = '/spec/scaleTargetRef';
  return {
    target: { kind: 'HorizontalPodAutoscaler', name: service },
    patch: patchText([
      { op: 'replace', path: `${path}/apiVersion`, value: group },
      { op: 'replace', path: `${path}/kind`, value: 'Rollout' },
    ]),
  };
}
