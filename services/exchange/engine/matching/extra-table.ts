import { NONE } from '../codes.ts';
import { grown } from '../columns.ts';

/** Words of the richer terms of one order. */
export const extraWords = 14;

/** Stop price in ticks; 0: none (a trailing stop's may be 0 too). */
export const STOP = 0;
/** Distance of a trailing stop in ticks or basis points; 0: the other one tells it. */
export const TRAIL_TICKS = 1;
export const TRAIL_BPS = 2;
/** The best price that a trailing stop has seen; 0 before it waits. */
export const WATERMARK = 3;
/** Lots of an iceberg's slice; 0: all are shown. */
export const DISPLAY = 4;
/** Its list, or NONE, and its role there: 0 for the entry, 1 and 2 for the exits. */
export const LIST = 5;
export const ROLE = 6;
/** Handle of its session, or NONE. */
export const SESSION = 7;
/** Place in the heap of expiries, or NONE. */
export const HEAP_PLACE = 8;
/** Neighbours among the trailing stops that have seen the same best price; see trailing-stops.ts. */
export const TRAIL_PREVIOUS = 9;
/** Number of its acceptance, two words. */
export const ACCEPT_LOW = 10;
export const ACCEPT_HIGH = 11;
/** The price that elected a stop. */
export const ELECTED_AT = 12;
export const TRAIL_NEXT = 13;

/** What TRAIL_PREVIOUS holds in an order that follows nothing. */
export const notTrailing = -2;

const extrasFirst = 64;

/** What only the richer orders have. */
export class ExtraTable {
  words = new Int32Array(extrasFirst * extraWords);
  /** Unix milliseconds at which a GTD order expires, by the number of the entry; 0: never. */
  expireTimeMs = new Float64Array(extrasFirst);
  #used = 0;
  #freeHead: number = NONE;

  /** Takes an entry without any term. */
  allocate(): number {
    let extra = this.#freeHead;
    if (extra === NONE) {
      extra = this.#used;
      this.#used += extraWords;
      if (this.#used > this.words.length) {
        this.words = grown(this.words, this.words.length * 2);
        this.expireTimeMs = grown(this.expireTimeMs, this.expireTimeMs.length * 2);
      }
    } else {
      this.#freeHead = this.words[extra + STOP]!;
    }
    this.words.fill(0, extra, extra + extraWords);
    this.words[extra + LIST] = NONE;
    this.words[extra + SESSION] = NONE;
    this.words[extra + HEAP_PLACE] = NONE;
    this.words[extra + TRAIL_PREVIOUS] = notTrailing;
    this.expireTimeMs[extra / extraWords] = 0;
    return extra;
  }

  /** Gives an entry back. */
  release(extra: number): void {
    this.words[extra + STOP] = this.#freeHead;
    this.#freeHead = extra;
  }
}
