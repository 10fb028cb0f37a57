import { setTimeout as sleep } from 'node:timers/promises';

/** What an open loop came to. */
export type OpenLoopResult = {
  /** How late each call left, in ms after it was due: the generator's own share of every latency. */
  lagMs: Float64Array;
  /** Calls without an answer when the time to drain was over. */
  unfinished: number;
};

/**
 * Begins each call when it is due, whatever became of those before. `call` gets the index and the moment, on the clock of
 * `performance.now()`, that its latency counts from, and must not reject. After the last call the answers are waited for, at most
 * `drainMs`. Rejects when the signal aborts. Between calls it waits with timers of a millisecond, or with `waitUntil` if that is given.
 */
export async function runOpenLoop(options: {
  dueMs: Float64Array;
  call: (index: number, dueTimeMs: number) => Promise<void>;
  drainMs: number;
  signal: AbortSignal;
  /** Resolves at a time on the clock of `performance.now()`. */
  waitUntil?: (timeMs: number) => Promise<void>;
}): Promise<OpenLoopResult> {
  // The shortest timer there is. Looking more often would take the core from what is measured.
  const { dueMs, call, drainMs, signal, waitUntil = () => sleep(1) } = options;
  const lagMs = new Float64Array(dueMs.length);
  let unfinished = 0;
  const end = () => {
    unfinished -= 1;
  };
  const startTimeMs = performance.now();
  for (let next = 0; next < dueMs.length; ) {
    signal.throwIfAborted();
    const nowMs = performance.now();
    for (; next < dueMs.length; next++) {
      const dueTimeMs = startTimeMs + (dueMs[next] as number);
      if (dueTimeMs > nowMs) break;
      lagMs[next] = nowMs - dueTimeMs;
      unfinished += 1;
      void call(next, dueTimeMs).then(end);
    }
    if (next < dueMs.length) await waitUntil(startTimeMs + (dueMs[next] as number));
  }
  const deadlineMs = performance.now() + drainMs;
  while (unfinished > 0 && performance.now() < deadlineMs) await sleep(10, undefined, { signal });
  return { lagMs, unfinished };
}
