/** Waits for what another process commits: a notice says that there is something to read. */
import { pause } from '#platform/time/pause.ts';
import type { Notifier } from './notifier.ts';

/** Bounds of a wait. */
export type WaitOptions = {
  timeoutMs: number;
  signal?: AbortSignal;
  /** How often to read without a notice, in ms; default 250. */
  recheckMs?: number;
};

const recheckMsDefault = 250;

// Made once: an abort without a reason makes an error each time.
const over = new Error('the wait is over');

/**
 * Calls `read` at once, then after each notice and at least every `recheckMs`, until it returns a value. Resolves to undefined when the
 * time is over or the signal aborts; rejects where `read` does.
 */
export async function readUntilFound<T>(
  wake: Notifier,
  read: () => Promise<T | undefined>,
  { timeoutMs, signal, recheckMs = recheckMsDefault }: WaitOptions,
): Promise<T | undefined> {
  const endTimeMs = performance.now() + timeoutMs;
  for (;;) {
    const ended = new AbortController();
    const stop = signal ? AbortSignal.any([ended.signal, signal]) : ended.signal;
    // Armed before the read: a commit right after it must not be missed.
    const woken = wake.wait(stop);
    try {
      const found = await read();
      if (found !== undefined) return found;
      const leftMs = endTimeMs - performance.now();
      if (leftMs <= 0 || signal?.aborted) return undefined;
      await Promise.race([woken, pause(Math.min(recheckMs, leftMs), stop)]);
    } finally {
      ended.abort(over);
    }
  }
}
