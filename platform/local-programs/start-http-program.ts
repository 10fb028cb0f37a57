/** Starts a program that serves a page, and waits until it does. */
import { pause } from '#platform/time/pause.ts';
import { timeoutSignal, within } from '#platform/time/within.ts';
import { spawnLogged } from './spawn-logged.ts';

/** A running program. */
export type LocalProgram = {
  pid: number;
  /** Resolves when it has ended, by `stop` or by itself. */
  ended: Promise<void>;
  /** Ends it in order, at once after 10 s. */
  stop(): Promise<void>;
};

/** What to run; `readyUrl` answers 200 when it is ready. */
export type ProgramSettings = {
  program: string;
  args: readonly string[];
  env: Record<string, string>;
  readyUrl: string;
  onLog?: ((line: string) => void) | undefined;
};

const readyTimeoutMs = 60_000;
const stopTimeoutMs = 10_000;
const requestTimeoutMs = 2_000;
const pollMs = 100;

/** Resolves when it is ready. Throws an error with the last lines that it printed when it ends before, or is not ready within a minute. */
export async function startHttpProgram(settings: ProgramSettings): Promise<LocalProgram> {
  const { program, args, env, readyUrl, onLog } = settings;
  const child = spawnLogged(program, args, { PATH: process.env.PATH ?? '', ...env }, onLog);
  const stop = async () => {
    child.process.kill('SIGTERM');
    await within(stopTimeoutMs, child.ended).catch(() => child.process.kill('SIGKILL'));
    await child.ended;
  };
  try {
    await untilReady(readyUrl, child.ended);
  } catch (error) {
    await stop();
    throw new Error(`${program} ${(error as Error).message}\n${child.lastLines().join('\n')}`);
  }
  return { pid: child.process.pid ?? 0, ended: child.ended, stop };
}

async function untilReady(url: string, ended: Promise<void>): Promise<void> {
  const hasEnded = ended.then(() => true);
  const deadlineMs = performance.now() + readyTimeoutMs;
  while (performance.now() < deadlineMs) {
    const answer = await fetch(url, { signal: timeoutSignal(requestTimeoutMs) }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.status === 200) return;
    if (await Promise.race([hasEnded, pause(pollMs).then(() => false)])) throw new Error('ended before it was ready');
  }
  throw new Error(`was not ready within ${readyTimeoutMs} ms`);
}
