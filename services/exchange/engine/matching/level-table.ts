import { none } from '../model/codes.ts';
import { grown } from '../model/columns.ts';

/** Words of one level: one line of the processor's cache. A level is named by the place of its first word. */
export const levelWords = 16;

/** Price of all its orders; 0 in a queue that has none. */
export const levelPriceOffset = 0;
/** First and last order of the queue. */
export const headOffset = 1;
export const tailOffset = 2;
export const orderCountOffset = 3;
/** Whose queue it is: the number of the book times 8, plus one of `Queue`. */
export const ownerOffset = 4;
/** 1 where the running command changed it, and the orders that it had before. */
export const changedOffset = 5;
export const ordersBeforeOffset = 6;

// Sums of shown lots pass 2^31, never 2^53. They lie in the same line: words 8 to 11 are two floating-point numbers.
const lotsPlace = 4;
const lotsBeforePlace = 5;

/** The queues of a book. Those of price levels come first. */
export const Queue = { BIDS: 0, ASKS: 1, BUY_STOPS: 2, SELL_STOPS: 3, AT_CLOSE: 4, ELECTED: 5, INACTIVE: 6 } as const;
export type Queue = (typeof Queue)[keyof typeof Queue];

const levelsFirst = 256;

/** All queues of orders in time order: price levels, and the queues of orders that wait. */
export class LevelTable {
  words = new Int32Array(levelsFirst * levelWords);
  #sums = new Float64Array(this.words.buffer);
  #used = 0;
  #freeHead: number = none;

  /** Lots that the orders of a level show. */
  lotsOf(level: number): number {
    return this.#sums[(level >>> 1) + lotsPlace]!;
  }

  /** Adds to the lots of a level. */
  addLots(level: number, lots: number): void {
    this.#sums[(level >>> 1) + lotsPlace]! += lots;
  }

  /** Lots that a level showed before the running command changed it. */
  lotsBefore(level: number): number {
    return this.#sums[(level >>> 1) + lotsBeforePlace]!;
  }

  /** Notes what a level holds before it changes. */
  saveBefore(level: number): void {
    const { words } = this;
    words[level + changedOffset] = 1;
    words[level + ordersBeforeOffset] = words[level + orderCountOffset]!;
    const sums = this.#sums;
    sums[(level >>> 1) + lotsBeforePlace] = sums[(level >>> 1) + lotsPlace]!;
  }

  /** Takes an empty level. */
  allocate(owner: number, price: number): number {
    let level = this.#freeHead;
    if (level === none) {
      level = this.#used;
      this.#used += levelWords;
      if (this.#used > this.words.length) {
        this.words = grown(this.words, this.words.length * 2);
        this.#sums = new Float64Array(this.words.buffer);
      }
    } else {
      this.#freeHead = this.words[level + headOffset]!;
    }
    const words = this.words;
    words[level + levelPriceOffset] = price;
    words[level + headOffset] = none;
    words[level + tailOffset] = none;
    words[level + orderCountOffset] = 0;
    words[level + ownerOffset] = owner;
    words[level + changedOffset] = 0;
    this.#sums[(level >>> 1) + lotsPlace] = 0;
    return level;
  }

  /** Gives an empty level back. */
  release(level: number): void {
    this.words[level + headOffset] = this.#freeHead;
    this.#freeHead = level;
  }
}

/** What a level holds. */
export function readLevel(levels: LevelTable, level: number) {
  const { words } = levels;
  const [priceTicks, orderCount] = [words[level + levelPriceOffset] ?? 0, words[level + orderCountOffset] ?? 0];
  return { priceTicks, quantityLots: levels.lotsOf(level), orderCount };
}

/** The queue that a level is of. */
export function queueOf(owner: number): Queue {
  return (owner & 7) as Queue;
}
