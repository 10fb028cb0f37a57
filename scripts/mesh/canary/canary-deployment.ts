import type { PodTemplate } from '../manifest.ts';
import { trackLabel } from '../mesh-file.ts';
import { type Progress, progressAnnotation } from './progress.ts';

/** What the new version differs in. */
export type Version = {
  image: string;
  /** Settings of its container, beside those of the stable version or in their place. */
  env: Readonly<Record<string, string>>;
};

/** A Deployment as the cluster has it: the parts that are read or copied. */
export type Deployment = {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec: { replicas?: number; selector: { matchLabels: Record<string, string> }; template: PodTemplate };
};

/** The annotation of a second version's pods that has their role, `canary`, `stable` or `mirror`; it is a file for the process, which notices a change. */
export const roleAnnotation = 'outcry.dev/role';

const roleFolder = '/etc/outcry-role';
const revisionAnnotation = 'deployment.kubernetes.io/revision';

/** The name of a service's canary. */
export function canaryName(service: string): string {
  return `${service}-canary`;
}

/** The Deployment of a canary, with its progress. */
export function canaryDeployment(stable: Deployment, version: Version, progress: Progress): Deployment {
  const made = secondDeployment(stable, version, { name: canaryName(stable.metadata.name), track: 'canary' });
  const annotations = { [progressAnnotation]: JSON.stringify(progress) };
  return { ...made, metadata: { ...made.metadata, annotations } };
}

/** A Deployment of another version beside the stable one, under a name and track of its own, with the role of that track. A canary's can be switched. */
export function secondDeployment(
  { apiVersion, kind, metadata, spec }: Deployment,
  version: Version,
  { name, track }: { name: string; track: 'canary' | 'mirror' },
): Deployment {
  const labels = { app: name, [trackLabel]: track };
  const podLabels = { ...labels, version: tagOf(version.image) };
  const { template } = spec;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace: metadata.namespace, labels: { ...metadata.labels, ...labels } },
    spec: {
      ...spec,
      selector: { matchLabels: labels },
      template: {
        metadata: {
          labels: { ...template.metadata?.labels, ...podLabels },
          annotations: { ...template.metadata?.annotations, [roleAnnotation]: track },
        },
        spec: withRole(withVersion(template.spec, version)),
      },
    },
  };
}

/** The Job that applies the migrations of a version: its pods have the service's identity and are never ready, so that they get no calls. */
export function migrationJob(stable: Deployment, version: Version): object {
  const { metadata, spec } = stable;
  const env = { ...version.env, OUTCRY_MIGRATE_ONLY: 'true' };
  const labels = { ...spec.template.metadata?.labels, app: migrationName(metadata.name), [trackLabel]: 'migration' };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: migrationName(metadata.name), namespace: metadata.namespace },
    spec: {
      backoffLimit: 1,
      template: {
        metadata: { ...spec.template.metadata, labels },
        spec: { ...withVersion(spec.template.spec, { image: version.image, env }), restartPolicy: 'Never' },
      },
    },
  };
}

/** The name of the Job that migrates a service's database. */
export function migrationName(service: string): string {
  return `${service}-migration`;
}

/** Whether a Deployment runs a version, settings included. */
export function runsVersion({ spec }: Deployment, { image, env }: Version): boolean {
  const container = spec.template.spec.containers.find(({ name }) => name === 'service');
  const settings = Object.entries(env);
  const has = ([name, value]: [string, string]) =>
    container?.env?.some((one) => one.name === name && one.value === value);
  return container?.image === image && settings.every(has);
}

/** How many times a Deployment was changed: the number that `kubectl rollout undo` takes. */
export function revisionOf({ metadata }: Deployment): string {
  return metadata.annotations?.[revisionAnnotation] ?? '';
}

/** The tag of an image, or its digest: the value of the label `version`, of at most 63 characters. */
export function tagOf(image: string): string {
  return (/[:@](?:sha256:)?([^:/@]+)$/.exec(image)?.[1] ?? 'latest').slice(0, 63);
}

function withVersion(spec: PodTemplate['spec'], { image, env }: Version): PodTemplate['spec'] {
  return changeService(spec, (container) => {
    const unchanged = (container.env ?? []).filter(({ name }) => env[name] === undefined);
    const added = Object.entries(env).map(([name, value]) => ({ name, value }));
    return { ...container, image, env: [...unchanged, ...added] };
  });
}

/** The pods with a file of their role, which follows an annotation within about a second. */
function withRole(spec: PodTemplate['spec']): PodTemplate['spec'] {
  const fieldRef = { fieldPath: `metadata.annotations['${roleAnnotation}']` };
  const role = { name: 'role', downwardAPI: { items: [{ path: 'role', fieldRef }] } };
  const mount = { name: 'role', mountPath: roleFolder, readOnly: true };
  const changed = changeService(spec, (container) => ({
    ...container,
    env: [...(container.env ?? []), { name: 'OUTCRY_ROLE_FILE', value: `${roleFolder}/role` }],
    volumeMounts: [...(container.volumeMounts ?? []), mount],
  }));
  return { ...changed, volumes: [...(spec.volumes ?? []), role] };
}

type Container = PodTemplate['spec']['containers'][number];

function changeService(spec: PodTemplate['spec'], change: (container: Container) => Container): PodTemplate['spec'] {
  return { ...spec, containers: spec.containers.map((one) => (one.name === 'service' ? change(one) : one)) };
}
