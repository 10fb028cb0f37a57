import { parseSamples, type Sample } from './canary/prometheus-text.ts';
import { CommandError, kubectl } from './command.ts';

const adminPort = 9464;
const node = '/nodejs/bin/node';

/** Runs a program of Node inside the container of a service and resolves to what it printed. Rejects with CommandError. */
export function runInPod(namespace: string, pod: string, program: string): Promise<string> {
  const command = ['exec', pod, '-c', 'service', '--', node, '-e', program];
  return kubectl(['-n', namespace, ...command], { timeoutMs: 20_000 });
}

/** The metrics of a service, read inside its pod: no policy of mesh or network opens that port. Undefined for a pod that is ending. */
export async function readPodMetrics(namespace: string, pod: string): Promise<Sample[] | undefined> {
  const program = `fetch('http://127.0.0.1:${adminPort}/metrics').then((answer) => answer.text()).then((text) => process.stdout.write(text, () => process.exit()))`;
  const text = await runInPod(namespace, pod, program).catch((error: unknown) => {
    if (error instanceof CommandError) return undefined;
    throw error;
  });
  return text === undefined ? undefined : parseSamples(text);
}
