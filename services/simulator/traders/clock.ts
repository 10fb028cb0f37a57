/** The time that house traders live in; a simulated day has one that runs faster. */
import { pause } from '#platform/time/pause.ts';

/** A clock. */
export type Clock = {
  /** Milliseconds from any fixed moment. */
  nowMs(): number;
  /** Rejects when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
};

/** The clock of the machine. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  async sleep(ms, signal) {
    await pause(ms, signal);
    signal.throwIfAborted();
  },
};
