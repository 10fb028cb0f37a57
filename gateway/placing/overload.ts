/**
 * Whether another order may wait. The measure is the age of the oldest one that waits: unlike a length it says the same of a fast and of a
 * slow order service, and a new one will wait about as long. After CoDel (RFC 8289): a burst may wait long once, a standing queue may not.
 */

/** The bounds of waiting, in ms. */
export type WaitLimits = {
  /** A queue whose oldest order is older than this is overloaded ... */
  burstMs: number;
  /** ... and for `strictMs` after that, and as long as it goes on, one whose oldest is older than this. */
  standingMs: number;
  strictMs: number;
  /** Less than this is no load: an order that has not even so long is sent, or told that its time is over. */
  notableMs: number;
};

/** The defaults. */
export const defaultWaitLimits: WaitLimits = { burstMs: 1_000, standingMs: 250, strictMs: 5_000, notableMs: 50 };

/** Decides whom to refuse. Times are in ms on one clock. */
export class Overload {
  readonly #limits: WaitLimits;
  #strictUntilMs = Number.NEGATIVE_INFINITY;

  constructor(limits: WaitLimits = defaultWaitLimits) {
    this.#limits = limits;
  }

  /** Whether an order that has `leftMs` must be refused, when the oldest that waits is `oldestAgeMs` old (0: none waits). */
  refuses({ oldestAgeMs, leftMs, nowMs }: { oldestAgeMs: number; leftMs: number; nowMs: number }): boolean {
    const { burstMs, standingMs, strictMs, notableMs } = this.#limits;
    const isOver = oldestAgeMs > (nowMs < this.#strictUntilMs ? standingMs : burstMs);
    if (isOver) this.#strictUntilMs = nowMs + strictMs;
    return isOver || (oldestAgeMs > notableMs && oldestAgeMs > leftMs);
  }
}
