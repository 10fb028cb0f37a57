import type { LocalProgram } from '#platform/local-programs/start-http-program.ts';
import { openLogFile } from '../processes/log-file.ts';
import { identifyProcess, type ProcessIdentity, signalProcess } from '../processes/process-identity.ts';
import type { RestartLimits } from '../processes/restart-policy.ts';
import { createRestarts, type OnFailing } from '../processes/restarts.ts';
import { runAgain } from '../processes/run-again.ts';
import type { Output } from '../terminal/output.ts';

/** A program beside the services, restarted whenever it ends. */
export type ManagedProgram = { stop(): Promise<void>; kill(): void };

/** How to start it. */
export type ManagedProgramOptions = {
  name: string;
  logPath: string;
  start: (onLog: (line: string) => void) => Promise<LocalProgram>;
  /** Called whenever it was started. */
  onStart: (identity: ProcessIdentity) => void;
  restartLimits: RestartLimits;
  output: Output;
  onFailing: OnFailing;
};

/** Starts it, and again as often as it ends, with a growing delay. Throws its error when it does not start the first time. */
export async function manageProgram(options: ManagedProgramOptions): Promise<ManagedProgram> {
  const log = openLogFile(options.logPath);
  const start = async () => {
    const program = await options.start((line) => log.write(Buffer.from(`${line}\n`)));
    options.onStart(identityOf(program));
    return program;
  };
  const stopping = new AbortController();
  const restarts = createRestarts({ ...options, limits: options.restartLimits });
  let current = await start();
  const running = runAgain({
    first: current,
    start,
    onStart: (program) => {
      current = program;
    },
    lastLogLine: () => log.tail().at(-1) ?? 'no log output',
    restarts,
    signal: stopping.signal,
  });
  return {
    kill() {
      stopping.abort();
      signalProcess(identityOf(current), 'SIGKILL');
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

function identityOf({ pid }: LocalProgram): ProcessIdentity {
  return identifyProcess(pid) ?? { pid, startTime: '' };
}
