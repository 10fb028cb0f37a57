import { none } from '../model/codes.ts';
import { grown } from '../model/columns.ts';

/** Words of the extra terms of one order: those that plain limit orders do not have. */
export const extraWords = 14;

/** Stop price in ticks; 0: none (that of a trailing stop may be 0 as well). */
export const stopOffset = 0;
/** Distance of a trailing stop in ticks or in basis points; the unused one is 0. */
export const trailTicksOffset = 1;
export const trailBpsOffset = 2;
/** The best price since a trailing stop was accepted; 0 before it waits. */
export const watermarkOffset = 3;
/** Lots of an iceberg's slice; 0: the whole order is shown. */
export const displayOffset = 4;
/** Its list, or `none`, and its role there: 0 for the entry, 1 and 2 for the exits. */
export const listOffset = 5;
export const roleOffset = 6;
/** Handle of its session, or `none`. */
export const sessionOffset = 7;
/** Index in the heap of expiries, or `none`. */
export const heapIndexOffset = 8;
/** Neighbours among the trailing stops with the same watermark; see trailing-stops.ts. */
export const trailPreviousOffset = 9;
/** Number of its acceptance, two words. */
export const acceptanceLowOffset = 10;
export const acceptanceHighOffset = 11;
/** The price that elected a stop. */
export const electedPriceOffset = 12;
export const trailNextOffset = 13;

/** Value of `trailPreviousOffset` in an order that does not trail. */
export const notTrailing = -2;

const extrasFirst = 64;

/** Extra terms of orders that are not plain limit orders. */
export class ExtraTable {
  words = new Int32Array(extrasFirst * extraWords);
  /** Unix milliseconds at which a GTD order expires, by the number of the entry; 0: never. */
  expireTimeMs = new Float64Array(extrasFirst);
  #used = 0;
  #freeHead: number = none;

  /** Allocates an entry without terms. */
  allocate(): number {
    let extra = this.#freeHead;
    if (extra === none) {
      extra = this.#used;
      this.#used += extraWords;
      if (this.#used > this.words.length) {
        this.words = grown(this.words, this.words.length * 2);
        this.expireTimeMs = grown(this.expireTimeMs, this.expireTimeMs.length * 2);
      }
    } else {
      this.#freeHead = this.words[extra + stopOffset]!;
    }
    this.words.fill(0, extra, extra + extraWords);
    this.words[extra + listOffset] = none;
    this.words[extra + sessionOffset] = none;
    this.words[extra + heapIndexOffset] = none;
    this.words[extra + trailPreviousOffset] = notTrailing;
    this.expireTimeMs[extra / extraWords] = 0;
    return extra;
  }

  /** Frees an entry. */
  release(extra: number): void {
    this.words[extra + stopOffset] = this.#freeHead;
    this.#freeHead = extra;
  }
}
