import type { Output } from '../terminal/output.ts';
import { openLogFile } from './log-file.ts';
import { identifyProcess, type ProcessIdentity, signalProcess } from './process-identity.ts';
import type { RestartLimits } from './restart-policy.ts';
import { createRestarts, type OnFailing } from './restarts.ts';
import { runAgain } from './run-again.ts';

/** A program of others that runs. */
export type RunningProgram = {
  pid: number;
  /** Its own process and those that serve it, where there are such. */
  pids?: readonly number[];
  /** Resolves when it has ended, by `stop` or by itself. */
  ended: Promise<void>;
  /** Ends it in order. */
  stop(): Promise<void>;
};

/** A program beside the services, restarted whenever it ends. */
export type ManagedProgram<P extends RunningProgram = RunningProgram> = {
  /** As it was started first. */
  readonly first: P;
  stop(): Promise<void>;
  /** Ends it at once. */
  kill(): void;
};

/** How to run a program again and again. */
export type RestartOptions = {
  logPath: string;
  restartLimits: RestartLimits;
  output: Output;
  onFailing: OnFailing;
};

/** How to start it. */
export type ManagedProgramOptions<P extends RunningProgram> = RestartOptions & {
  name: string;
  start: (onLog: (line: string) => void) => Promise<P>;
  /** Called whenever it was started, with its processes. */
  onStart: (program: P, identities: ProcessIdentity[]) => void;
  /** Ends it at once; default SIGKILL. */
  killSignal?: NodeJS.Signals;
};

/** Starts it, and again as often as it ends, with a growing delay. Rejects with the error of `start` when it does not start the first time. */
export async function manageProgram<P extends RunningProgram>(
  options: ManagedProgramOptions<P>,
): Promise<ManagedProgram<P>> {
  const { killSignal = 'SIGKILL' } = options;
  const log = openLogFile(options.logPath);
  const start = async () => {
    const program = await options.start((line) => log.write(Buffer.from(`${line}\n`)));
    options.onStart(program, identitiesOf(program));
    return program;
  };
  const stopping = new AbortController();
  const restarts = createRestarts({ ...options, limits: options.restartLimits });
  const first = await start();
  let current = first;
  const running = runAgain({
    first,
    start,
    onStart: (program) => {
      current = program;
    },
    lastLogLine: () => log.tail().at(-1) ?? 'no log output',
    restarts,
    signal: stopping.signal,
  });
  return {
    first,
    kill() {
      stopping.abort();
      for (const identity of identitiesOf(current)) signalProcess(identity, killSignal);
    },
    async stop() {
      stopping.abort();
      await running;
      await current.stop();
      restarts.close();
      log.close();
    },
  };
}

function identitiesOf({ pid, pids = [pid] }: RunningProgram): ProcessIdentity[] {
  return pids.map((each) => identifyProcess(each) ?? { pid: each, startTime: '' });
}
