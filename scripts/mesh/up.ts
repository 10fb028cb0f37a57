// `npm run mesh:up`: builds the image, applies everything to the cluster that KUBECONFIG names, and waits until all of it is ready.
//   OUTCRY_BUILD_IMAGE   the command that builds and delivers the image; it is given NAME -f Dockerfile . (default: docker build -t)
//   --no-build           the cluster has the image already
import { busDatabase, services } from '../../supervisor/index.ts';
import { CommandError, kubectl, runCommand } from './command.ts';
import { meshNamespace } from './mesh-file.ts';
import { databasesSecret, makeSecrets } from './secrets.ts';

const image = 'outcry/services:dev';
const readyTimeoutSeconds = 300;
const laptop = 'k8s/overlays/laptop';

const startTimeMs = performance.now();

try {
  if (!process.argv.includes('--no-build')) {
    await buildImage();
    step(`image ${image}`);
  }
  await apply();
  step('applied');
  await untilReady();
  step('all pods ready');
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  console.error(`mesh:up: ${error.message}`);
  process.exitCode = 1;
}

function step(what: string): void {
  console.log(`${((performance.now() - startTimeMs) / 1000).toFixed(1).padStart(6)} s  ${what}`);
}

function buildImage(): Promise<string> {
  const command = process.env.OUTCRY_BUILD_IMAGE || 'docker build -t';
  return runCommand('sh', ['-c', `${command} "$@"`, 'build', image, '-f', 'Dockerfile', '.'], { live: true });
}

async function apply(): Promise<void> {
  await kubectl(['apply', '-f', `${laptop}/namespace.yaml`]);
  const existing = await kubectl(['-n', meshNamespace, 'get', 'secrets,deployments', '-o', 'name']);
  if (!existing.includes(`secret/${databasesSecret}`)) await applySecrets();
  // The policies come first, so that no pod is ever open.
  await kubectl(['apply', '-k', 'istio']);
  await kubectl(['apply', '-k', laptop]);
  // The name of the image does not change, so pods of an earlier one would stay.
  if (existing.includes('deployment.apps/')) {
    await kubectl(['-n', meshNamespace, 'rollout', 'restart', 'deployment']);
  }
}

async function applySecrets(): Promise<void> {
  const databases = services.filter(({ database }) => database).map(({ name }) => name);
  const items = makeSecrets([...databases, busDatabase]);
  await kubectl(['apply', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) });
}

async function untilReady(): Promise<void> {
  const deadlineMs = performance.now() + readyTimeoutSeconds * 1_000;
  const workloads = (await kubectl(['-n', meshNamespace, 'get', 'statefulsets,deployments', '-o', 'name'])).trim();
  for (const workload of workloads.split('\n')) {
    const seconds = Math.max(1, Math.ceil((deadlineMs - performance.now()) / 1_000));
    await kubectl(['-n', meshNamespace, 'rollout', 'status', workload, `--timeout=${seconds}s`]).catch(explain);
  }
}

async function explain(error: unknown): Promise<never> {
  const pods = await kubectl(['-n', meshNamespace, 'get', 'pods']).catch(() => '');
  throw new CommandError(`${error instanceof Error ? error.message : String(error)}\n${pods}`);
}
