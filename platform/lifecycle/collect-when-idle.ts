/** Gives back the memory that the start of a process has left behind. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { pause } from '#platform/time/pause.ts';

/** When to collect. */
export type CollectWhenIdleOptions = {
  /** Aborts to give it up. */
  signal: AbortSignal;
  /** Time from one look at the process to the next, the first one included; default 10 s. */
  intervalMs?: number;
  /** Default: a full collection of V8, which stops the process for 30 to 80 ms. */
  collect?: () => void;
};

/** Share of its time that an idle process works. */
const idleUtilizationMax = 0.1;

/**
 * Collects once, after the first interval in which the process had little to do; a busy one is left alone. A start loads code and makes
 * plans, and leaves 2 to 12 MB of it in a heap that V8 does not look through again before it has doubled. Measured over the whole system, that
 * is a tenth of its memory.
 */
export async function collectWhenIdle(options: CollectWhenIdleOptions): Promise<void> {
  const { signal, intervalMs = 10_000, collect = collectAll } = options;
  let before = performance.eventLoopUtilization();
  while (!signal.aborted) {
    await pause(intervalMs, signal);
    if (signal.aborted) return;
    const now = performance.eventLoopUtilization();
    if (performance.eventLoopUtilization(now, before).utilization < idleUtilizationMax) return collect();
    before = now;
  }
}

function collectAll(): void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as NodeJS.GCFunction;
  setFlagsFromString('--no-expose-gc');
  // The others leave pages that are hardly used where they are.
  gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
