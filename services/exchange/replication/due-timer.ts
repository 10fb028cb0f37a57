import { startTimer, type Timer } from '#platform/time/timer.ts';

/** Calls `onDue` when something falls due in an engine; one timer, armed anew after each group. */
export class DueTimer {
  readonly #nextDueMs: () => number;
  readonly #nowMs: () => number;
  readonly #waitMs: (timeMs: number) => number;
  readonly #onDue: () => void;
  #timer: Timer | undefined;

  /**
   * `nextDueMs` and `nowMs` are Unix times in milliseconds, Infinity: nothing is due; `waitMs` says how long to wait before looking whether a time
   * has come.
   */
  constructor(options: {
    nextDueMs: () => number;
    nowMs: () => number;
    waitMs: (timeMs: number) => number;
    onDue: () => void;
  }) {
    this.#nextDueMs = options.nextDueMs;
    this.#nowMs = options.nowMs;
    this.#waitMs = options.waitMs;
    this.#onDue = options.onDue;
  }

  /** Sets the timer to the next due time. */
  arm(): void {
    this.#timer?.[Symbol.dispose]();
    const dueMs = this.#nextDueMs();
    if (dueMs === Number.POSITIVE_INFINITY) return;
    this.#timer = startTimer(this.#waitMs(dueMs), () => {
      if (this.#nextDueMs() <= this.#nowMs()) this.#onDue();
      else this.arm();
    });
  }

  /** Clears the timer. */
  stop(): void {
    this.#timer?.[Symbol.dispose]();
  }
}
