/** The time that house traders live in; a simulated day has one that runs faster. */
import { setTimeout as sleep } from 'node:timers/promises';

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
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};
