import { CommandError, kubectl } from './command.ts';
import { type Manifest, serviceLabel } from './manifest.ts';
import { trackLabel } from './mesh-file.ts';
import type { Overlay } from './overlay.ts';
import { planSecrets } from './secrets.ts';

const readyTimeoutSeconds = 300;

/**
 * Applies an overlay and waits until all of it is ready; `step` is called after each part. Rejects with CommandError, with the pods' state
 * when they were not ready in 5 minutes.
 */
export async function applyOverlay(overlay: Overlay, step: (what: string) => void): Promise<void> {
  const { manifests, namespace } = overlay;
  await apply(manifests.filter(({ kind }) => kind === 'Namespace'));
  const existing = await kubectl(['-n', namespace, 'get', 'secrets,deployments', '-o', 'name']);
  await applySecrets(overlay, existing);
  // The policies come before the pods, so that none is ever open. Routes name subsets, which have none of the pods of a release without tracks.
  const hasSubsets = (await podsWithoutTrack(namespace)) === '';
  await apply(manifests.filter((manifest) => isPolicy(manifest) && (hasSubsets || !isRoute(manifest))));
  step('policies');
  for (const workload of replacedWorkloads(manifests, existing)) {
    await kubectl(['-n', namespace, 'delete', workload, '--ignore-not-found', '--timeout=120s']);
  }
  await apply(manifests.filter((manifest) => manifest.kind !== 'Namespace' && !isPolicy(manifest)));
  // The name of the image may be the one of before, so pods of an earlier one would stay.
  if (existing.includes('deployment.apps/')) {
    await kubectl(['-n', namespace, 'rollout', 'restart', 'deployments,statefulsets', '-l', serviceLabel]);
  }
  step('applied');
  await untilReady(namespace);
  if (!hasSubsets) await apply(manifests.filter(isRoute));
  step('all pods ready');
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

async function applySecrets({ manifests, namespace }: Overlay, existingNames: string): Promise<void> {
  const existing = new Set([...existingNames.matchAll(/^secret\/(.+)$/gm)].map(([, name = '']) => name));
  const { made, fromOutside } = planSecrets(manifests, { namespace, existing });
  if (fromOutside.length > 0) {
    const names = fromOutside.join(', ');
    throw new CommandError(`namespace ${namespace} lacks these Secrets, which only you can make: ${names}`);
  }
  await apply(made);
}

async function untilReady(namespace: string): Promise<void> {
  const deadlineMs = performance.now() + readyTimeoutSeconds * 1_000;
  const secondsLeft = () => Math.max(1, Math.ceil((deadlineMs - performance.now()) / 1_000));
  const inNamespace = (...args: string[]) => kubectl(['-n', namespace, ...args, `--timeout=${secondsLeft()}s`]);
  const names = await kubectl(['-n', namespace, 'get', 'statefulsets,deployments,jobs', '-o', 'name']);
  for (const name of names.split('\n').filter((line) => line !== '')) {
    const isJob = name.startsWith('job.');
    const waiting = isJob
      ? inNamespace('wait', '--for=condition=complete', name)
      : inNamespace('rollout', 'status', name);
    await waiting.catch((error) => explain(namespace, error));
  }
}

async function explain(namespace: string, error: unknown): Promise<never> {
  const pods = await kubectl(['-n', namespace, 'get', 'pods']).catch(() => '');
  throw new CommandError(`${error instanceof Error ? error.message : String(error)}\n${pods}`);
}
