import { pause } from '#platform/time/pause.ts';
import { writeBrokerUsers } from './broker-users.ts';
import { CommandError, kubectl } from './command.ts';
import { ensureEdgeSecrets } from './edge-secrets.ts';
import { completeClusterKeys, keySecretPrefix } from './keys/cluster-keys.ts';
import { type Manifest, requiredSecrets, serviceLabel, serviceWorkloads } from './manifest.ts';
import { trackLabel } from './mesh-file.ts';
import type { Overlay } from './overlay.ts';
import { planSecrets } from './secrets.ts';

// The scheduler of Kubernetes looks after five minutes again at a pod whose volume was not there yet, where it has missed that it came.
const readyTimeoutSeconds = 480;
const jobPollMs = 1_000;

/**
 * Applies an overlay and waits until all of it is ready; `step` is called after each part. Rejects with CommandError, with the pods' state
 * when they were not ready in 8 minutes.
 */
export async function applyOverlay(overlay: Overlay, step: (what: string) => void): Promise<void> {
  const { manifests, namespace } = overlay;
  await apply(manifests.filter(({ kind }) => kind === 'Namespace'));
  const existing = await kubectl(['-n', namespace, 'get', 'secrets,deployments', '-o', 'name']);
  await applySecrets(overlay, existing);
  const made = await ensureEdgeSecrets(overlay);
  if (made.length > 0) step(`certificates for ${made.join(', ')}`);
  // The policies come before the pods, so that none is ever open. Routes name subsets, which have none of the pods of a release without tracks.
  const hasSubsets = (await podsWithoutTrack(namespace)) === '';
  await apply(manifests.filter((manifest) => isPolicy(manifest) && (hasSubsets || !isRoute(manifest))));
  step('policies');
  for (const workload of replacedWorkloads(manifests, existing)) {
    await kubectl(['-n', namespace, 'delete', workload, '--ignore-not-found', '--timeout=120s']);
  }
  const resources = manifests.filter((manifest) => !isElsewhere(manifest) && !isPolicy(manifest));
  const pods = new Set(serviceWorkloads(resources));
  const migrations = resources.filter(isMigration);
  const surroundings = resources.filter((manifest) => !pods.has(manifest) && !isMigration(manifest));
  await apply(surroundings);
  await untilReady(namespace, surroundings);
  step('what the services need');
  // Migrations only add, so the pods of the last release go on with the new tables.
  await apply(migrations);
  await untilReady(namespace, migrations);
  step('migrated');
  await apply([...pods]);
  // The name of the image may be the one of before, so pods of an earlier one would stay.
  if (existing.includes('deployment.apps/')) {
    await kubectl(['-n', namespace, 'rollout', 'restart', 'deployments,statefulsets', '-l', serviceLabel]);
  }
  step('applied');
  await untilReady(namespace, [...pods]);
  if (!hasSubsets) await apply(manifests.filter(isRoute));
  step('all pods ready');
}

function isMigration({ kind, metadata }: Manifest): boolean {
  return kind === 'Job' && metadata.labels?.['app.kubernetes.io/component'] === 'migration';
}

/** What stands in the way of the manifests: Jobs, which cannot be changed, and a Deployment that a StatefulSet takes the place of. */
function replacedWorkloads(manifests: readonly Manifest[], existing: string): string[] {
  return manifests.flatMap(({ kind, metadata: { name } }) => {
    if (kind === 'Job') return [`job/${name}`];
    const wasDeployment = kind === 'StatefulSet' && existing.split('\n').includes(`deployment.apps/${name}`);
    return wasDeployment ? [`deployment/${name}`] : [];
  });
}

function isPolicy({ apiVersion, kind }: Manifest): boolean {
  return /\.istio\.io\//.test(apiVersion) || kind === 'NetworkPolicy';
}

/** The namespace was applied first, and a certificate stands beside the ingress. */
function isElsewhere({ kind }: Manifest): boolean {
  return kind === 'Namespace' || kind === 'Certificate';
}

function isRoute({ kind }: Manifest): boolean {
  return kind === 'VirtualService';
}

function podsWithoutTrack(namespace: string): Promise<string> {
  return kubectl(['-n', namespace, 'get', 'pods', '-l', `${serviceLabel},!${trackLabel}`, '-o', 'name']);
}

async function apply(items: readonly object[]): Promise<void> {
  if (items.length === 0) return;
  await kubectl(['apply', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) });
}

async function applySecrets(overlay: Overlay, existingNames: string): Promise<void> {
  const { manifests, namespace } = overlay;
  const existing = new Set([...existingNames.matchAll(/^secret\/(.+)$/gm)].map(([, name = '']) => name));
  const { made, fromOutside } = planSecrets(manifests, { namespace, existing });
  if (fromOutside.length > 0) {
    const names = fromOutside.join(', ');
    throw new CommandError(`namespace ${namespace} lacks these Secrets, which only you can make: ${names}`);
  }
  await apply(made);
  await writeBrokerUsers(overlay);
  const services = requiredSecrets(manifests).filter((name) => name.startsWith(keySecretPrefix));
  await completeClusterKeys(
    namespace,
    services.map((name) => name.slice(keySecretPrefix.length)),
  );
}

/** Waits for the workloads and Jobs among the manifests. */
async function untilReady(namespace: string, manifests: readonly Manifest[]): Promise<void> {
  const deadlineMs = performance.now() + readyTimeoutSeconds * 1_000;
  for (const { kind, metadata, spec } of manifests) {
    if (kind === 'Job' || spec?.template === undefined) continue;
    const name = `${kind.toLowerCase()}/${metadata.name}`;
    const seconds = Math.max(1, Math.ceil((deadlineMs - performance.now()) / 1_000));
    const ready = kubectl(['-n', namespace, 'rollout', 'status', name, `--timeout=${seconds}s`]);
    await ready.catch((error: Error) => explain(namespace, error.message, name));
  }
  const jobs = manifests.filter(({ kind }) => kind === 'Job').map(({ metadata }) => metadata.name);
  if (jobs.length > 0) await untilJobsEnd(namespace, jobs, deadlineMs);
}

async function untilJobsEnd(namespace: string, names: readonly string[], deadlineMs: number): Promise<void> {
  for (;;) {
    const text = await kubectl(['-n', namespace, 'get', 'jobs', '-o', 'json']);
    const open = readJobs(text).filter(({ name, state }) => names.includes(name) && state !== 'Complete');
    const [first] = open;
    if (first === undefined) return;
    const failed = open.find(({ state }) => state === 'Failed');
    if (failed) await explain(namespace, `the Job ${failed.name} has failed`, `job/${failed.name}`);
    if (performance.now() > deadlineMs) {
      await explain(namespace, `the Job ${first.name} has not ended in time`, `job/${first.name}`);
    }
    await pause(jobPollMs);
  }
}

function readJobs(text: string): { name: string; state: string | undefined }[] {
  type Job = { metadata: { name: string }; status: { conditions?: { type: string; status: string }[] } };
  const { items } = JSON.parse(text) as { items: Job[] };
  return items.map(({ metadata, status }) => {
    const ends = (status.conditions ?? []).filter(
      (one) => one.status === 'True' && /^(Complete|Failed)$/.test(one.type),
    );
    return { name: metadata.name, state: ends[0]?.type };
  });
}

async function explain(namespace: string, problem: string, name: string): Promise<never> {
  const [pods, log] = await Promise.all([
    kubectl(['-n', namespace, 'get', 'pods']).catch(() => ''),
    kubectl(['-n', namespace, 'logs', name, '-c', 'service', '--tail=5']).catch(() => ''),
  ]);
  throw new CommandError(`${problem}\n${pods}${log}`);
}
