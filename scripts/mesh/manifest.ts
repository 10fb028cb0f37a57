/** A resource of Kubernetes as scripts read it: the parts that they look at. */
export type Manifest = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  data?: Record<string, string>;
  spec?: { replicas?: number; template?: PodTemplate };
};

/** The pods that a workload makes. */
export type PodTemplate = {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: {
    terminationGracePeriodSeconds?: number;
    serviceAccountName?: string;
    containers: ContainerManifest[];
    volumes?: {
      name?: string;
      downwardAPI?: object;
      secret?: SecretSource & { secretName?: string };
      projected?: { sources: { secret?: SecretSource & { name?: string } }[] };
    }[];
  };
};

type SecretSource = { optional?: boolean };

/** A container of a pod. */
export type ContainerManifest = {
  name: string;
  image: string;
  args?: string[];
  env?: { name: string; value?: string; valueFrom?: { secretKeyRef?: SecretSource & { name: string; key: string } } }[];
  envFrom?: { secretRef?: SecretSource & { name: string }; configMapRef?: { name: string } }[];
  volumeMounts?: { name: string; mountPath: string; readOnly?: boolean }[];
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  lifecycle?: { preStop?: { sleep?: { seconds: number } } };
};

/** The label of pods and workloads that run one of the services. */
export const serviceLabel = 'outcry.dev/service';

/** The workloads that run a service. */
export function serviceWorkloads(manifests: readonly Manifest[]): Manifest[] {
  return manifests.filter(({ metadata, spec }) => spec?.template && metadata.labels?.[serviceLabel] !== undefined);
}

/** The distinct images that services run, sorted. */
export function serviceImages(manifests: readonly Manifest[]): string[] {
  const containers = serviceWorkloads(manifests).flatMap(({ spec }) => spec?.template?.spec.containers ?? []);
  return [...new Set(containers.map(({ image }) => image))].toSorted();
}

/** The names of the Secrets without which a pod cannot start, sorted. */
export function requiredSecrets(manifests: readonly Manifest[]): string[] {
  const names = manifests.flatMap(({ spec }) => (spec?.template ? secretsOf(spec.template) : []));
  return [...new Set(names)].toSorted();
}

function secretsOf({ spec }: PodTemplate): string[] {
  const variables = spec.containers.flatMap(({ env = [], envFrom = [] }) => [
    ...env.map(({ valueFrom }) => valueFrom?.secretKeyRef),
    ...envFrom.map(({ secretRef }) => secretRef),
  ]);
  const volumes = (spec.volumes ?? []).flatMap(({ secret, projected }) => [
    secret && { name: secret.secretName, optional: secret.optional },
    ...(projected?.sources ?? []).map((source) => source.secret),
  ]);
  return [...variables, ...volumes].flatMap((source) =>
    source?.name === undefined || source.optional === true ? [] : [source.name],
  );
}

/** Whether these manifests bring a workload of this name. */
export function hasWorkload(manifests: readonly Manifest[], name: string): boolean {
  return manifests.some(({ metadata, spec }) => spec?.template !== undefined && metadata.name === name);
}
