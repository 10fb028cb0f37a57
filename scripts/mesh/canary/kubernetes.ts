import { gatewayService } from '#platform/auth/access.ts';
import { pause } from '#platform/time/pause.ts';
import { type Route, shareRoutes } from '../canary-routes.ts';
import { changeRoutes } from '../change-routes.ts';
import { CommandError, kubectl } from '../command.ts';
import { ingressRouteName, operatorsRouteName } from '../ingress-routes.ts';
import { serviceLabel } from '../manifest.ts';
import { type Track, trackLabel } from '../mesh-file.ts';
import { readPodMetrics } from '../pod-metrics.ts';
import { routesName } from '../retry-routes.ts';
import type { CanaryCluster } from './canary-cluster.ts';
import {
  canaryDeployment,
  canaryName,
  type Deployment,
  migrationJob,
  migrationName,
  revisionOf,
  roleAnnotation,
  runsVersion,
  tagOf,
  type Version,
} from './canary-deployment.ts';
import { type Progress, parseProgress, progressAnnotation } from './progress.ts';
import type { Reading } from './reading.ts';

// From a change of routes until every proxy has it; a second is usual.
const settleMs = 5_000;
const readySeconds = 180;
const rolloutSeconds = 600;
const endSeconds = 120;

type PodList = {
  items: {
    metadata: { name: string; deletionTimestamp?: string };
    status: { phase: string; containerStatuses?: { restartCount: number }[] };
  }[];
};

/** The cluster that KUBECONFIG names. */
export function openKubernetes(options: { service: string; namespace: string }): CanaryCluster {
  const { service, namespace } = options;
  const name = canaryName(service);
  const own = (...args: string[]) => kubectl(['-n', namespace, ...args]);
  const send = (verb: string, resource: object) => kubectl([verb, '-f', '-'], { input: JSON.stringify(resource) });
  const readDeployment = async (wanted: string): Promise<Deployment | undefined> => {
    const text = await own('get', 'deployment', wanted, '--ignore-not-found', '-o', 'json');
    return text.trim() === '' ? undefined : (JSON.parse(text) as Deployment);
  };
  const readStable = async (): Promise<Deployment> => {
    const stable = await readDeployment(service);
    if (stable === undefined) throw new CommandError(`the namespace ${namespace} has no Deployment ${service}`);
    return stable;
  };
  const rollout = (...args: string[]) => own('rollout', ...args);
  const untilRolledOut = () => rollout('status', `deployment/${service}`, `--timeout=${rolloutSeconds}s`);

  const explain = async (error: Error, workload: string): Promise<never> => {
    const logs = await own('logs', workload, '-c', 'service', '--tail=5').catch(() => '');
    throw new CommandError(`${error.message}\n${logs}`);
  };

  return {
    async find() {
      const found = await readDeployment(name);
      if (found === undefined) return undefined;
      const progress = parseProgress(found.metadata.annotations?.[progressAnnotation]);
      return { progress, runs: (version) => runsVersion(found, version) };
    },
    async stable(version) {
      const stable = await readStable();
      return { revision: revisionOf(stable), isVersion: runsVersion(stable, version) };
    },
    async migrate(version) {
      const job = migrationName(service);
      await own('delete', 'job', job, '--ignore-not-found', '--cascade=foreground');
      await send('create', migrationJob(await readStable(), version));
      const done = own('wait', '--for=condition=complete', `job/${job}`, `--timeout=${rolloutSeconds}s`);
      await done.catch((error: Error) => explain(error, `job/${job}`));
      await own('delete', 'job', job, '--cascade=foreground');
    },
    async create(version: Version, progress: Progress) {
      await send('create', canaryDeployment(await readStable(), version, progress));
    },
    async save(progress) {
      await own('annotate', 'deployment', name, '--overwrite', `${progressAnnotation}=${JSON.stringify(progress)}`);
    },
    async untilReady() {
      const ready = rollout('status', `deployment/${name}`, `--timeout=${readySeconds}s`);
      await ready.catch((error: Error) => explain(error, `deployment/${name}`));
    },
    async share(share) {
      const names = service === gatewayService ? [ingressRouteName, operatorsRouteName] : [routesName(service)];
      for (const routes of names) {
        await changeRoutes<Route>(namespace, routes, (http) => shareRoutes(service, http, share));
      }
      await pause(settleMs);
    },
    read: () => read(service, namespace),
    async passRole() {
      await own('annotate', 'pods', '-l', podsOf(service, 'canary'), '--overwrite', `${roleAnnotation}=stable`);
    },
    async updateStable(version) {
      await own('patch', 'deployment', service, '-p', JSON.stringify(versionPatch(version)));
      await untilRolledOut();
    },
    async restoreStable(revision) {
      if (revisionOf(await readStable()) === revision) return;
      await rollout('undo', `deployment/${service}`, `--to-revision=${revision}`);
      await untilRolledOut();
    },
    async remove() {
      const wait = ['--cascade=foreground', `--timeout=${endSeconds}s`];
      await own('delete', 'deployment', name, '--ignore-not-found', ...wait);
    },
  };
}

/** What changes a Deployment to a version, as a strategic merge. */
function versionPatch({ image, env }: Version): object {
  const variables = Object.entries(env).map(([name, value]) => ({ name, value, valueFrom: null }));
  const containers = [{ name: 'service', image, ...(variables.length > 0 && { env: variables }) }];
  return { spec: { template: { metadata: { labels: { version: tagOf(image) } }, spec: { containers } } } };
}

async function read(service: string, namespace: string): Promise<Reading> {
  const scrape = async (selected: string) => {
    const pods = await listPods(namespace, selected);
    const samples = await Promise.all(pods.map(({ metadata }) => readPodMetrics(namespace, metadata.name)));
    return { pods, samples: samples.filter((one) => one !== undefined) };
  };
  const of = (name: string, track: Track) => scrape(podsOf(name, track));
  const [canary, stable] = [await of(service, 'canary'), await of(service, 'stable')];
  const orders = service === 'order' ? stable : await of('order', 'stable');
  const audits = service === 'audit' ? stable : await of('audit', 'stable');
  const statuses = canary.pods.flatMap(({ status }) => status.containerStatuses ?? []);
  return {
    canary: canary.samples,
    stable: stable.samples,
    orders: orders.samples,
    audits: audits.samples,
    restarts: statuses.reduce((total, { restartCount }) => total + restartCount, 0),
  };
}

async function listPods(namespace: string, selected: string): Promise<PodList['items']> {
  const { items } = JSON.parse(
    await kubectl(['-n', namespace, 'get', 'pods', '-l', selected, '-o', 'json']),
  ) as PodList;
  return items.filter(({ metadata, status }) => metadata.deletionTimestamp === undefined && status.phase === 'Running');
}

function podsOf(service: string, track: Track): string {
  return `${serviceLabel}=${service},${trackLabel}=${track}`;
}
