import { services } from '../../../supervisor/index.ts';
import type { Sample } from '../canary/prometheus-text.ts';
import { CommandError, kubectl, runCommand } from '../command.ts';
import { serviceLabel } from '../manifest.ts';
import { readPodMetrics } from '../pod-metrics.ts';
import type { ConsumerStatus, LeaseStatus, MeshStatus, WorkloadStatus } from './status.ts';

type Meta = { name: string; labels?: Record<string, string>; deletionTimestamp?: string };
type Workload = {
  metadata: Meta;
  spec: { replicas?: number; template: { metadata: Meta } };
  status: { readyReplicas?: number };
};
type Pod = { metadata: Meta; status: { phase: string; containerStatuses?: { restartCount: number }[] } };
type Routes = { spec: { http?: { route?: { destination: { host: string; subset?: string }; weight?: number }[] }[] } };

const leaseSql = `SELECT coalesce(json_agg(json_build_object('name', name, 'holder', holder, 'isHeld', expire_time > now())
  ORDER BY name), '[]') FROM platform.lease`;

/** Reads the status of the system in a namespace of the cluster that KUBECONFIG names. */
export async function readStatus(namespace: string): Promise<MeshStatus> {
  const list = async <T>(...args: string[]): Promise<T[]> =>
    (JSON.parse(await kubectl(['-n', namespace, 'get', ...args, '-o', 'json'])) as { items: T[] }).items;
  const workloads = await list<Workload>('deployments,statefulsets');
  const pods = (await list<Pod>('pods')).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const running = pods.filter(
    ({ metadata, status }) => metadata.labels?.app !== undefined && status.phase === 'Running',
  );
  const ofServices = running.filter(({ metadata }) => isService(metadata) && metadata.labels?.track !== 'migration');
  const metrics: { pod: string; samples: Sample[] }[] = [];
  // One after the other: each starts a program in a pod.
  for (const { metadata } of ofServices) {
    metrics.push({ pod: metadata.name, samples: (await readPodMetrics(namespace, metadata.name)) ?? [] });
  }
  const hasPostgres = workloads.some(({ metadata }) => metadata.name === 'postgres');
  return {
    namespace,
    workloads: workloads.map((workload) => workloadStatus(workload, pods)),
    canaries: canariesOf(await list<Routes>('virtualservices.networking.istio.io'), ofServices),
    consumers: metrics.flatMap(({ pod, samples }) => consumersOf(pod, samples)),
    leases: hasPostgres ? await readLeases(namespace) : undefined,
    audit: metrics.flatMap(({ samples }) => auditOf(samples)),
    proxies: await readProxies(namespace),
  };
}

function isService({ labels }: Meta): boolean {
  return services.some(({ name }) => name === labels?.[serviceLabel]);
}

function workloadStatus({ metadata, spec, status }: Workload, pods: readonly Pod[]): WorkloadStatus {
  const { app, version } = spec.template.metadata.labels ?? {};
  const own = pods.filter((pod) => pod.metadata.labels?.app === app);
  const restarts = own.flatMap((pod) => pod.status.containerStatuses ?? []).map(({ restartCount }) => restartCount);
  return {
    name: metadata.name,
    version: version ?? '',
    ready: status.readyReplicas ?? 0,
    wanted: spec.replicas ?? 1,
    restarts: restarts.reduce((total, count) => total + count, 0),
  };
}

function canariesOf(routes: readonly Routes[], pods: readonly Pod[]): MeshStatus['canaries'] {
  const destinations = routes.flatMap(({ spec }) => spec.http ?? []).flatMap(({ route = [] }) => route);
  const weights = new Map<string, number>();
  for (const { destination, weight = 100 } of destinations) {
    if (destination.subset !== 'canary') continue;
    const { host } = destination;
    weights.set(host, Math.max(weights.get(host) ?? 0, weight));
  }
  return [...weights].flatMap(([service, weight]) => {
    const own = pods.filter(
      ({ metadata: { labels } }) => labels?.[serviceLabel] === service && labels.track === 'canary',
    );
    return weight > 0 || own.length > 0 ? [{ service, weight, pods: own.length }] : [];
  });
}

function consumersOf(pod: string, samples: readonly Sample[]): ConsumerStatus[] {
  const read = (name: string, feed: string) =>
    samples.find((sample) => sample.name === name && sample.labels.feed === feed)?.value ?? 0;
  const feeds = samples
    .filter(({ name }) => name === 'outcry_feed_consumer_position')
    .map(({ labels }) => labels.feed ?? '');
  return feeds.map((feed) => ({
    pod,
    feed,
    position: read('outcry_feed_consumer_position', feed),
    lag: read('outcry_feed_consumer_lag_entries', feed),
    isHalted: read('outcry_feed_consumer_halted', feed) === 1,
  }));
}

function auditOf(samples: readonly Sample[]): MeshStatus['audit'] {
  const completed = samples.filter(({ name }) => name === 'outcry_audit_completed_timestamp_seconds');
  return completed.map(({ labels, value }) => {
    const { kind = '' } = labels;
    const found = samples.find((sample) => sample.name === 'outcry_audit_findings' && sample.labels.kind === kind);
    return { kind, findings: found?.value ?? 0, completedTime: new Date(value * 1_000) };
  });
}

async function readLeases(namespace: string): Promise<LeaseStatus[]> {
  const leases: LeaseStatus[] = [];
  for (const { name: service } of services.filter(({ database }) => database)) {
    const psql = ['psql', '--username=postgres', `--dbname=${service}`, '-Atc', leaseSql];
    const text = await kubectl([
      '-n',
      namespace,
      'exec',
      'statefulset/postgres',
      '-c',
      'postgres',
      '--',
      ...psql,
    ]).catch((error: unknown) => {
      // A database of a service that this overlay does not have.
      if (error instanceof CommandError && /database .* does not exist/.test(error.message)) return '[]';
      throw error;
    });
    for (const lease of JSON.parse(text) as Omit<LeaseStatus, 'service'>[]) leases.push({ service, ...lease });
  }
  return leases;
}

/** One line of `istioctl proxy-status -v 1` a proxy, with a word and its age for each kind of configuration. */
async function readProxies(namespace: string): Promise<MeshStatus['proxies']> {
  const text = await runCommand('istioctl', ['proxy-status', '-v', '1']).catch((error: unknown) => {
    if (error instanceof CommandError) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const own = text.split('\n').filter((line) => line.split(/\s/)[0]?.endsWith(`.${namespace}`));
  const stale = own.filter((line) => /\b(STALE|NOT SENT|ERROR)\b/.test(line)).map((line) => line.split(/\s/)[0] ?? '');
  return { synced: own.length - stale.length, stale };
}
