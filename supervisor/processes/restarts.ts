import { setTimeout as sleep } from 'node:timers/promises';
import { elapsedSince, type Output } from '../terminal/output.ts';
import { createRestartPolicy, type RestartLimits } from './restart-policy.ts';

/** A process that ends again and again. It is restarted with a growing delay while everything else runs on. */
export type FailingProcess = {
  /** `order`, a second replica `order-1`, or `postgres`. */
  name: string;
  /** Ends in a row: since it was last ready for a minute. */
  endCount: number;
  /** How it ended last, such as `exit code 1`. */
  lastEnd: string;
  /** When it began to fail. RFC 3339. */
  sinceTime: string;
};

/** Called when a process begins to fail, ends again (each with its record), and when it is well again (undefined). */
export type OnFailing = (name: string, failing: FailingProcess | undefined) => void;

/**
 * The restarts of one process, with lines on the terminal: one for each of the first ends, then only that it is failing and that it is
 * well again.
 */
export type Restarts = {
  /** Whether it has ended so often in a row that further ends are not shown. */
  isFailing(): boolean;
  /** The process ended, such as by `exit code 1`. Resolves when it is time to start it again, or the signal aborts. */
  ended(lastEnd: string, signal: AbortSignal): Promise<void>;
  /** The process that was started again is ready. */
  ready(): void;
  /** Stops the timer after which it counts as well again. */
  close(): void;
};

/** What the restarts of one process need. */
export type RestartsOptions = {
  name: string;
  logPath: string;
  limits: RestartLimits;
  output: Output;
  onFailing: OnFailing;
};

/** The restarts of a process that has not ended yet. */
export function createRestarts({ name, logPath, limits, output, onFailing }: RestartsOptions): Restarts {
  const policy = createRestartPolicy(limits);
  let failing: FailingProcess | undefined;
  let endTimeMs = performance.now();
  let stableTimer: NodeJS.Timeout | undefined;

  const becomeStable = (): void => {
    policy.onStable();
    if (failing === undefined) return;
    failing = undefined;
    onFailing(name, undefined);
    output.line(`  ${name} is well again: ready for ${limits.stableAfterMs / 1000} s`);
  };

  return {
    isFailing: () => failing !== undefined,
    async ended(lastEnd, signal) {
      clearTimeout(stableTimer);
      endTimeMs = performance.now();
      const { endCount, delayMs, isFailing } = policy.onEnd();
      if (!isFailing) output.line(`  ${name} ended (${lastEnd}); starting it again`);
      else {
        if (failing === undefined) output.line(describeFailing({ name, endCount, lastEnd, logPath }));
        failing = { name, endCount, lastEnd, sinceTime: failing?.sinceTime ?? new Date().toISOString() };
        onFailing(name, failing);
      }
      await sleep(delayMs, undefined, { signal }).catch(() => {});
    },
    ready() {
      if (failing === undefined) output.line(`  ${name} is ready again after ${elapsedSince(endTimeMs)}`);
      clearTimeout(stableTimer);
      stableTimer = setTimeout(becomeStable, limits.stableAfterMs).unref();
    },
    close: () => clearTimeout(stableTimer),
  };
}

function describeFailing(process: { name: string; endCount: number; lastEnd: string; logPath: string }): string {
  const { name, endCount, lastEnd, logPath } = process;
  return (
    `  ${name} is failing: it ended ${endCount} times in a row (last: ${lastEnd}). It is started again with a growing ` +
    `delay and everything else goes on (log: ${logPath})`
  );
}
