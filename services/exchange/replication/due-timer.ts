import { startTimer, type Timer } from '#platform/time/timer.ts';

// Bounds how long a change of the system clock can go unnoticed.
const waitMsMax = 60_000;

/** Calls `onDue` when something falls due in an engine; one timer, armed anew after each group. */
export class DueTimer {
  readonly #nextDueMs: () => number;
  readonly #nowMs: () => number;
  readonly #onDue: () => void;
  #timer: Timer | undefined;

  /** `nextDueMs` and `nowMs` are Unix times in milliseconds; Infinity: nothing is due. */
  constructor(options: { nextDueMs: () => number; nowMs: () => number; onDue: () => void }) {
    this.#nextDueMs = options.nextDueMs;
    this.#nowMs = options.nowMs;
    this.#onDue = options.onDue;
  }

  /** Sets the timer to the next due time. */
  arm(): void {
    this.#timer?.[Symbol.dispose]();
    const dueMs = this.#nextDueMs();
    if (dueMs === Number.POSITIVE_INFINITY) return;
    const waitMs = Math.min(Math.max(dueMs - this.#nowMs(), 1), waitMsMax);
    this.#timer = startTimer(waitMs, () => {
      if (this.#nextDueMs() <= this.#nowMs()) this.#onDue();
      else this.arm();
    });
  }

  /** Clears the timer. */
  stop(): void {
    this.#timer?.[Symbol.dispose]();
  }
}
