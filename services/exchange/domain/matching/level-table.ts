import { NONE } from '../codes.ts';
import { grown } from '../columns.ts';

/** Words of one level. A level is named by the place of its first word. */
export const levelWords = 8;

/** Price of all its orders; 0 in a queue that has none. */
export const LEVEL_PRICE = 0;
/** First and last order of the queue. */
export const HEAD = 1;
export const TAIL = 2;
export const ORDER_COUNT = 3;
/** Place in the list of changes of the running command, or NONE. */
export const CHANGE = 4;
/** Whose queue it is: the number of the book times 8, plus one of `Queue`. */
export const OWNER = 5;

/** The queues of a book. Those of price levels come first. */
export const Queue = { BIDS: 0, ASKS: 1, BUY_STOPS: 2, SELL_STOPS: 3, AT_CLOSE: 4, ELECTED: 5, UNGROWN: 6 } as const;
export type Queue = (typeof Queue)[keyof typeof Queue];

const levelsFirst = 256;

/** All queues of orders in time order: price levels, and the queues of orders that wait. */
export class LevelTable {
  words = new Int32Array(levelsFirst * levelWords);
  /** Sum of the shown lots of each level, by the level's number; passes 2^31, never 2^53. */
  lots = new Float64Array(levelsFirst);
  #used = 0;
  #freeHead: number = NONE;

  /** Takes an empty level. */
  allocate(owner: number, price: number): number {
    let level = this.#freeHead;
    if (level === NONE) {
      level = this.#used;
      this.#used += levelWords;
      if (this.#used > this.words.length) {
        this.words = grown(this.words, this.words.length * 2);
        this.lots = grown(this.lots, this.lots.length * 2);
      }
    } else {
      this.#freeHead = this.words[level + HEAD]!;
    }
    const words = this.words;
    words[level + LEVEL_PRICE] = price;
    words[level + HEAD] = NONE;
    words[level + TAIL] = NONE;
    words[level + ORDER_COUNT] = 0;
    words[level + CHANGE] = NONE;
    words[level + OWNER] = owner;
    this.lots[level >>> 3] = 0;
    return level;
  }

  /** Gives an empty level back. */
  release(level: number): void {
    this.words[level + HEAD] = this.#freeHead;
    this.#freeHead = level;
  }
}

/** What a level holds. */
export function readLevel({ words, lots }: LevelTable, level: number) {
  const [priceTicks, orderCount] = [words[level + LEVEL_PRICE] ?? 0, words[level + ORDER_COUNT] ?? 0];
  return { priceTicks, quantityLots: lots[level >>> 3] ?? 0, orderCount };
}

/** The queue that a level is of. */
export function queueOf(owner: number): Queue {
  return (owner & 7) as Queue;
}
