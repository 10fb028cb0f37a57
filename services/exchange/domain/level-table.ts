import { NONE } from './codes.ts';
import { grown } from './columns.ts';

const capacityFirst = 256;

/** The price levels of all books: what rests at one price of one side, as a queue in time order. */
export class LevelTable {
  price = new Int32Array(capacityFirst);
  /** First and last order of the queue. */
  head = new Int32Array(capacityFirst);
  tail = new Int32Array(capacityFirst);
  orderCount = new Int32Array(capacityFirst);
  /** Sum of the lots at this price; passes 2^31, never 2^53. */
  quantity = new Float64Array(capacityFirst);
  /** Place in the list of changes of the running command, or NONE. */
  change = new Int32Array(capacityFirst);
  #used = 0;
  #freeHead: number = NONE;

  /** Takes an empty level at a price. */
  allocate(price: number): number {
    let level = this.#freeHead;
    if (level === NONE) {
      level = this.#used++;
      if (level === this.price.length) this.#grow(level * 2);
    } else {
      this.#freeHead = this.head[level]!;
    }
    this.price[level] = price;
    this.head[level] = NONE;
    this.tail[level] = NONE;
    this.orderCount[level] = 0;
    this.quantity[level] = 0;
    this.change[level] = NONE;
    return level;
  }

  /** Gives an empty level back. */
  release(level: number): void {
    this.head[level] = this.#freeHead;
    this.#freeHead = level;
  }

  #grow(capacity: number): void {
    this.price = grown(this.price, capacity);
    this.head = grown(this.head, capacity);
    this.tail = grown(this.tail, capacity);
    this.orderCount = grown(this.orderCount, capacity);
    this.quantity = grown(this.quantity, capacity);
    this.change = grown(this.change, capacity);
  }
}
