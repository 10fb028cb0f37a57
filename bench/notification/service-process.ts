/** A service of the system as a process of its own, on databases of a bench. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';
import { pause } from '#platform/time/pause.ts';
import { startTimer } from '#platform/time/timer.ts';

/** A running service. */
export type ServiceProcess = AsyncDisposable & { pid: number };

/** What a service is started with, beside its ports. */
export type ServiceOptions = { env: Record<string, string>; nodeFlags: readonly string[]; signal: AbortSignal };

const host = '127.0.0.1';
const readyTimeoutMs = 30_000;
const stopTimeoutMs = 15_000;
const lookMs = 50;

/** Starts `services/<name>/main.ts` on free ports and resolves when it is ready. Rejects when it ends before that, or is late. */
export async function startServiceProcess(name: string, options: ServiceOptions): Promise<ServiceProcess> {
  const [port, adminPort] = [await getPort({ host }), await getPort({ host })];
  const main = fileURLToPath(new URL(`../../services/${name}/main.ts`, import.meta.url));
  const env = {
    ...process.env,
    OUTCRY_PORT: String(port),
    OUTCRY_ADMIN_PORT: String(adminPort),
    LOG_LEVEL: 'warn',
    ...options.env,
  };
  const child = spawn(process.execPath, [...options.nodeFlags, main], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'close');
  const stop = async () => {
    child.kill('SIGTERM');
    using _timer = startTimer(stopTimeoutMs, () => child.kill('SIGKILL'));
    await ended;
  };
  const deadlineMs = performance.now() + readyTimeoutMs;
  while (!(await isReady(adminPort))) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    if (performance.now() > deadlineMs || options.signal.aborted) {
      await stop();
      throw new Error(`${name} did not become ready`);
    }
    await pause(lookMs);
  }
  return { pid: child.pid ?? 0, [Symbol.asyncDispose]: stop };
}

async function isReady(adminPort: number): Promise<boolean> {
  try {
    return (await fetch(`http://${host}:${adminPort}/readyz`)).ok;
  } catch {
    return false;
  }
}
