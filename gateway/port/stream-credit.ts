/** How many calls one HTTP/2 connection may open. */

/** What a new call meets: it may start, it is one too many, or the client does not stop. */
export type CreditVerdict = 'granted' | 'refused' | 'exhausted';

/**
 * A connection's credit of new calls: it grows by `perSecond` a second up to as many, each new call takes one, and a reset takes
 * `resetCost` more, so the more calls a client throws away, the fewer it may open. Without credit calls are refused; when it is
 * behind by `perSecond`, the client is not going to stop by itself.
 */
export class StreamCredit {
  readonly #perSecond: number;
  readonly #resetCost: number;
  readonly #nowMs: () => number;
  #credit: number;
  #timeMs: number;

  constructor(options: { perSecond: number; resetCost: number; nowMs?: () => number }) {
    this.#perSecond = options.perSecond;
    this.#resetCost = options.resetCost;
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#credit = options.perSecond;
    this.#timeMs = this.#nowMs();
  }

  /** Takes the credit of one new call. */
  take(): CreditVerdict {
    this.#refill();
    this.#credit -= 1;
    if (this.#credit >= 0) return 'granted';
    return this.#credit > -this.#perSecond ? 'refused' : 'exhausted';
  }

  /** Takes the credit of a reset. */
  chargeReset(): void {
    this.#credit -= this.#resetCost;
  }

  #refill(): void {
    const nowMs = this.#nowMs();
    const earned = ((nowMs - this.#timeMs) * this.#perSecond) / 1_000;
    this.#credit = Math.min(this.#perSecond, this.#credit + earned);
    this.#timeMs = nowMs;
  }
}
