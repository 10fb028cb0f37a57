import { pause } from '#platform/time/pause.ts';
import { publicServices } from '../../gateway/index.ts';
import { CommandError, findTroubles, kubectl, readStatus, runInPod } from '../mesh/index.ts';
import { describeUnreached, smokeProgram } from './smoke-program.ts';

const lookEveryMs = 10_000;
// The gateway hears of a service that has just begun a moment later.
const reachedMsMax = 30_000;

/** Tries the system that was just applied, then watches it. Rejects with CommandError, with what is wrong. */
export async function smoke(
  namespace: string,
  { watchSeconds, step }: { watchSeconds: number; step: (what: string) => void },
): Promise<void> {
  const first = await readStatus(namespace);
  const restarts = restartsOf(first.workloads);
  const workloads = new Set(first.workloads.map(({ name }) => name));
  const expected = publicServices
    .map(({ typeName }) => typeName)
    .filter((name) => workloads.has(name.split('.')[1] ?? ''));
  await untilReached(namespace, expected);
  step('answers');
  for (const endMs = performance.now() + watchSeconds * 1_000; performance.now() < endMs; ) {
    await pause(Math.min(lookEveryMs, watchSeconds * 1_000));
    await requireReached(namespace, expected);
  }
  const status = await readStatus(namespace);
  const more = restartsOf(status.workloads) - restarts;
  const troubles = [...findTroubles(status, new Date()), ...(more > 0 ? [`pods have restarted ${more} times`] : [])];
  if (troubles.length > 0) throw new CommandError(troubles.join('\n'));
  step(`well for ${watchSeconds} s`);
}

function restartsOf(workloads: readonly { restarts: number }[]): number {
  return workloads.reduce((total, { restarts }) => total + restarts, 0);
}

async function untilReached(namespace: string, expected: readonly string[]): Promise<void> {
  for (const deadlineMs = performance.now() + reachedMsMax; ; await pause(lookEveryMs / 10)) {
    try {
      return await requireReached(namespace, expected);
    } catch (error) {
      if (performance.now() > deadlineMs) throw error;
    }
  }
}

/** Inside a pod of the gateway, so that no name, certificate or balancer of the way in matters. */
async function requireReached(namespace: string, expected: readonly string[]): Promise<void> {
  const pods = ['get', 'pods', '-l', 'app=gateway', '--field-selector=status.phase=Running', '-o', 'name'];
  const [pod] = (await kubectl(['-n', namespace, ...pods])).split('\n');
  if (!pod) throw new CommandError('no pod of the gateway runs');
  const unreached = describeUnreached(await runInPod(namespace, pod, smokeProgram(expected)), expected);
  if (unreached.length > 0) throw new CommandError(`the gateway answers: ${unreached.join(', ')}`);
}
