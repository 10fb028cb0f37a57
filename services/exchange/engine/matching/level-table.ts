import { none } from '../model/codes.ts';
import { grown } from '../model/columns.ts';

/** Words of one level: one cache line. A level is identified by the offset of its first word. */
export const levelWords = 16;

/** Price of its orders; 0 for a queue without a price. */
export const levelPriceOffset = 0;
/** First and last order of the queue. */
export const headOffset = 1;
export const tailOffset = 2;
export const orderCountOffset = 3;
/** The number of the book times 8, plus one of `Queue`. */
export const ownerOffset = 4;
/** 1 if the running command has changed it, and the number of orders before. */
export const changedOffset = 5;
export const ordersBeforeOffset = 6;

// Sums of shown lots exceed 2^31 but not 2^53. They are in the same cache line: words 8 to 11 are two floating-point numbers.
const lotsPlace = 4;
const lotsBeforePlace = 5;

/** The queues of a book, those with price levels first. INACTIVE holds exits whose entry has not traded. */
export const Queue = { BIDS: 0, ASKS: 1, BUY_STOPS: 2, SELL_STOPS: 3, AT_CLOSE: 4, ELECTED: 5, INACTIVE: 6 } as const;
export type Queue = (typeof Queue)[keyof typeof Queue];

const levelsFirst = 256;

/** All queues of orders: price levels, and the queues of orders that wait. */
export class LevelTable {
  words = new Int32Array(levelsFirst * levelWords);
  #sums = new Float64Array(this.words.buffer);
  #used = 0;
  #freeHead: number = none;

  /** Sum of the shown lots of a level. */
  lotsOf(level: number): number {
    return this.#sums[(level >>> 1) + lotsPlace]!;
  }

  /** Adds to the lots of a level. */
  addLots(level: number, lots: number): void {
    this.#sums[(level >>> 1) + lotsPlace]! += lots;
  }

  /** Sum of the shown lots of a level before the running command. */
  lotsBefore(level: number): number {
    return this.#sums[(level >>> 1) + lotsBeforePlace]!;
  }

  /** Saves the lots and orders of a level before it changes. */
  saveBefore(level: number): void {
    const { words } = this;
    words[level + changedOffset] = 1;
    words[level + ordersBeforeOffset] = words[level + orderCountOffset]!;
    const sums = this.#sums;
    sums[(level >>> 1) + lotsBeforePlace] = sums[(level >>> 1) + lotsPlace]!;
  }

  /** Allocates an empty level. */
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

  /** Frees an empty level. */
  release(level: number): void {
    this.words[level + headOffset] = this.#freeHead;
    this.#freeHead = level;
  }
}

/** The public content of a level. */
export function readLevel(levels: LevelTable, level: number) {
  const { words } = levels;
  const [priceTicks, orderCount] = [words[level + levelPriceOffset] ?? 0, words[level + orderCountOffset] ?? 0];
  return { priceTicks, quantityLots: levels.lotsOf(level), orderCount };
}

/** The queue of a level, by its owner word. */
export function queueOf(owner: number): Queue {
  return (owner & 7) as Queue;
}
