import { pause } from '#platform/time/pause.ts';
import { CommandError, findTroubles, kubectl, readStatus, runInPod } from '../mesh/index.ts';

const lookEveryMs = 10_000;

/** Reads through the gateway that need no log-in and reach the services behind it: each must answer 200. */
const reads = [
  ['/outcry.market.v1.MarketService/ListInstruments', '{}'],
  ['/outcry.user.v1.SessionService/GetJwks', '{}'],
  ['/', ''],
] as const;

/** Tries the system that was just applied, then watches it. Rejects with CommandError, with what is wrong. */
export async function smoke(
  namespace: string,
  { watchSeconds, step }: { watchSeconds: number; step: (what: string) => void },
): Promise<void> {
  const first = await readStatus(namespace);
  const restarts = restartsOf(first.workloads);
  await requireReads(namespace);
  step('answers');
  for (const endMs = performance.now() + watchSeconds * 1_000; performance.now() < endMs; ) {
    await pause(Math.min(lookEveryMs, watchSeconds * 1_000));
    await requireReads(namespace);
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

/** Inside a pod of the gateway, so that no name, certificate or balancer of the way in matters. */
async function requireReads(namespace: string): Promise<void> {
  const pods = ['get', 'pods', '-l', 'app=gateway', '--field-selector=status.phase=Running', '-o', 'name'];
  const [pod] = (await kubectl(['-n', namespace, ...pods])).split('\n');
  if (!pod) throw new CommandError('no pod of the gateway runs');
  const answers = (await runInPod(namespace, pod, program())).trim().split('\n');
  const failed = reads.filter((_, index) => answers[index] !== '200');
  if (failed.length === 0) return;
  throw new CommandError(`the gateway answers ${answers.join(', ')} to ${reads.map(([path]) => path).join(', ')}`);
}

function program(): string {
  return `(async () => {
    for (const [path, body] of ${JSON.stringify(reads)}) {
      const options = body === '' ? {} : { method: 'POST', body, headers: { 'content-type': 'application/json' } };
      const answer = await fetch('http://127.0.0.1:9000' + path, { ...options, signal: AbortSignal.timeout(10_000) })
        .catch((error) => ({ status: error.message }));
      console.log(answer.status);
    }
  })()`;
}
