/** A clock for the limits of connections, and the beat at which they are checked. */
import { startInterval } from '#platform/time/timer.ts';

/** A clock in ms. It stands still while the process does: what a client sent meanwhile has not been read yet. */
export type Pulse = Disposable & { readonly timeMs: number };

/** Calls `onBeat` every `intervalMs`. The clock goes on with each beat, by two intervals at most. */
export function startPulse(intervalMs: number, onBeat: (timeMs: number) => void): Pulse {
  let timeMs = 0;
  let lastMs = performance.now();
  const interval = startInterval(intervalMs, () => {
    const nowMs = performance.now();
    timeMs += Math.min(nowMs - lastMs, 2 * intervalMs);
    lastMs = nowMs;
    onBeat(timeMs);
  }).unref();
  return {
    get timeMs() {
      return timeMs;
    },
    [Symbol.dispose]: () => interval[Symbol.dispose](),
  };
}
