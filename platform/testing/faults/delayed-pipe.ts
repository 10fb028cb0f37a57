import type { Socket } from 'node:net';
import { startTimer, type Timer } from '#platform/time/timer.ts';

type Piece = { bytes: Buffer | undefined; dueTimeMs: number };

/** Bytes that may be on their way; more are read once some have arrived. */
const heldBytesMax = 1024 * 1024;

/** Forwards what one socket receives to another one, each piece after a delay, in order, with bounded memory. */
export class DelayedPipe implements Disposable {
  /** The delay of what is read from now on, in ms. */
  delayMs = 0;
  readonly #from: Socket;
  readonly #to: Socket;
  #held: Piece[] = [];
  #heldBytes = 0;
  #isHolding = false;
  #isDisposed = false;
  #timer: Timer | undefined;

  constructor(from: Socket, to: Socket) {
    this.#from = from;
    this.#to = to;
    from.on('data', this.#take);
    from.on('end', this.#takeEnd);
    to.on('drain', this.#forward);
    from.resume();
  }

  /** Forwards nothing until `go`. */
  hold(): void {
    this.#isHolding = true;
    this.#from.pause();
  }

  /** Goes on. */
  go(): void {
    this.#isHolding = false;
    this.#forward();
  }

  /** Discards what is held, and forwards nothing any more. */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#timer?.[Symbol.dispose]();
    this.#held = [];
    this.#from.off('data', this.#take);
    this.#from.off('end', this.#takeEnd);
    this.#to.off('drain', this.#forward);
  }

  #take = (bytes: Buffer): void => {
    this.#held.push({ bytes, dueTimeMs: performance.now() + this.delayMs });
    this.#heldBytes += bytes.length;
    this.#forward();
  };

  #takeEnd = (): void => {
    this.#held.push({ bytes: undefined, dueTimeMs: performance.now() + this.delayMs });
    this.#forward();
  };

  #forward = (): void => {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    while (!this.#isHolding && !this.#isDisposed && !this.#to.writableNeedDrain) {
      const next = this.#held[0];
      if (next === undefined) break;
      const waitMs = next.dueTimeMs - performance.now();
      if (waitMs > 0) {
        this.#timer = startTimer(waitMs, this.#forward);
        break;
      }
      this.#held.shift();
      this.#heldBytes -= next.bytes?.length ?? 0;
      if (next.bytes === undefined) this.#to.end();
      else this.#to.write(next.bytes);
    }
    const mustWait = this.#isHolding || this.#heldBytes > heldBytesMax;
    if (this.#isDisposed) return;
    if (mustWait) this.#from.pause();
    else this.#from.resume();
  };
}
