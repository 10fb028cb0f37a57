/**
 * Whether another order may wait. The measure is time, as it says the same of a fast and of a slow order service: how long the oldest has
 * waited, or the new one will have to. After CoDel (RFC 8289): a burst may wait long once, a standing queue may not.
 */

/** The bounds of waiting, in ms. */
export type WaitLimits = {
  /** A queue that is longer than this is overloaded ... */
  burstMs: number;
  /** ... and for `strictMs` after that, and as long as it goes on, one that is longer than this. */
  standingMs: number;
  strictMs: number;
  /** As long as the oldest has not waited for this, there is no load: an order that has not even so long is sent, or its time ends. */
  notableMs: number;
};

/** The defaults. */
export const defaultWaitLimits: WaitLimits = { burstMs: 2_000, standingMs: 1_000, strictMs: 5_000, notableMs: 50 };

// Work on an order that turns out to be late is lost for all: what is expected must leave some of its time.
const margin = 1.25;

/** Decides whom to refuse. Times are in ms on one clock. */
export class Overload {
  readonly #limits: WaitLimits;
  #strictUntilMs = Number.NEGATIVE_INFINITY;

  constructor(limits: WaitLimits = defaultWaitLimits) {
    this.#limits = limits;
  }

  /**
   * Whether an order must be refused that has `leftMs`, when the oldest that waits is `oldestAgeMs` old (0: none waits), those that wait take
   * `queueMs`, and those in flight `workMs`.
   */
  refuses(load: { oldestAgeMs: number; queueMs: number; workMs: number; leftMs: number; nowMs: number }): boolean {
    const { burstMs, standingMs, strictMs, notableMs } = this.#limits;
    const { oldestAgeMs, queueMs, workMs, leftMs, nowMs } = load;
    if (oldestAgeMs <= notableMs) return false;
    const waitMs = Math.max(oldestAgeMs, queueMs);
    const isOver = waitMs > (nowMs < this.#strictUntilMs ? standingMs : burstMs);
    if (isOver) this.#strictUntilMs = nowMs + strictMs;
    return isOver || (waitMs + workMs) * margin > leftMs;
  }
}
