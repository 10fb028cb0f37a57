import { setTimeout as sleep } from 'node:timers/promises';

/** The result of an open loop. */
export type OpenLoopResult = {
  /** How long after it was due each call was sent, in ms: the generator's own share of every latency. */
  lagMs: Float64Array;
  /** Calls that were not answered within `drainMs`. */
  unfinished: number;
};

/**
 * Starts each call when it is due, whether or not earlier ones were answered. `call` gets the index and the moment, on the clock of
 * `performance.now()`, from which its latency counts, and must not reject. After the last call it waits for the answers, at most
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
  // The shortest timer of the event loop. Polling more often would take processor time from the system under test.
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
