/** Timers of any duration. Node's own fire at once, with a warning, when the duration exceeds 2^31-1 ms (24.8 days). */

/** The longest duration that one timer of Node can wait, in ms. */
const nodeTimerMsMax = 2 ** 31 - 1;

/** A timer that has been started; disposing it, also repeatedly or after it fired, cancels it. */
export type Timer = Disposable & {
  /** Lets the process end while the timer waits; returns the timer. */
  unref(): Timer;
  /** Begins to wait for the whole duration again; returns the timer. Without effect once it is disposed. */
  restart(): Timer;
};

/**
 * Calls `onElapsed` once after `durationMs`, 0 to Infinity: negative durations count as 0, and Infinity never elapses. A duration
 * beyond the limit of Node's timers is waited for in several parts. Throws RangeError for NaN.
 */
export function startTimer(durationMs: number, onElapsed: () => void): Timer {
  if (Number.isNaN(durationMs)) throw new RangeError('the duration of a timer is not a number');
  return new LongTimer(durationMs, onElapsed);
}

/** Calls `onTick` every `intervalMs`, 1 to 2^31-1, until it is disposed. Throws RangeError for another interval. */
export function startInterval(intervalMs: number, onTick: () => void): Timer {
  if (!(intervalMs >= 1 && intervalMs <= nodeTimerMsMax)) throw new RangeError(`no interval of ${intervalMs} ms`);
  const interval = setInterval(onTick, intervalMs);
  const timer: Timer = {
    unref() {
      interval.unref();
      return timer;
    },
    restart() {
      interval.refresh();
      return timer;
    },
    [Symbol.dispose]: () => clearInterval(interval),
  };
  return timer;
}

class LongTimer implements Timer {
  readonly #onElapsed: () => void;
  readonly #durationMs: number;
  #remainingMs: number;
  #timer: NodeJS.Timeout | undefined;
  #isUnref = false;

  constructor(durationMs: number, onElapsed: () => void) {
    this.#durationMs = durationMs;
    this.#remainingMs = durationMs;
    this.#onElapsed = onElapsed;
    this.#startPart();
  }

  unref(): Timer {
    this.#isUnref = true;
    this.#timer?.unref();
    return this;
  }

  restart(): Timer {
    if (this.#timer === undefined) return this;
    if (this.#durationMs <= nodeTimerMsMax) {
      this.#timer.refresh();
      return this;
    }
    clearTimeout(this.#timer);
    this.#remainingMs = this.#durationMs;
    this.#startPart();
    return this;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #startPart(): void {
    const partMs = Math.min(this.#remainingMs, nodeTimerMsMax);
    this.#remainingMs -= partMs;
    this.#timer = setTimeout(() => this.#onPartElapsed(), Math.max(0, partMs));
    if (this.#isUnref) this.#timer.unref();
  }

  #onPartElapsed(): void {
    if (this.#remainingMs > 0) this.#startPart();
    else this.#onElapsed();
  }
}
