/** When a queue in a table has its next due row, as far as this process knows, so that it is not asked in vain. */
import { createNotifier } from '#platform/concurrency/notifier.ts';
import { pause } from '#platform/time/pause.ts';

/** The next due time of a queue. Times are Unix milliseconds. */
export type DueTime = {
  /** A row is due at that time: this process has written or read it. */
  expect(timeMs: number): void;
  /** Whether that time has come. If so, it is forgotten: the caller reads the queue and calls `expect` for what it left. */
  take(): boolean;
  /** Resolves when that time comes, after `waitMaxMs` (for rows that other processes wrote), or when the signal aborts. */
  wait(waitMaxMs: number, signal: AbortSignal): Promise<void>;
};

/** A due time that has come already: the queue has not been read. */
export function createDueTime(nowMs: () => number): DueTime {
  const notifier = createNotifier();
  let dueMs = 0;
  return {
    expect(timeMs) {
      if (timeMs >= dueMs) return;
      dueMs = timeMs;
      notifier.notify();
    },
    take() {
      if (nowMs() < dueMs) return false;
      dueMs = Number.POSITIVE_INFINITY;
      return true;
    },
    async wait(waitMaxMs, signal) {
      const endMs = performance.now() + waitMaxMs;
      for (;;) {
        const waitMs = Math.min(dueMs - nowMs(), endMs - performance.now());
        if (waitMs <= 0 || signal.aborted) break;
        const ended = new AbortController();
        const stop = AbortSignal.any([ended.signal, signal]);
        await Promise.race([notifier.wait(stop), pause(waitMs, stop)]);
        ended.abort();
      }
      // The queue is read also when the wait ended at its bound.
      dueMs = Math.min(dueMs, nowMs());
    },
  };
}
