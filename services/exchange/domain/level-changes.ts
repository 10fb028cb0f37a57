import type { Side } from './codes.ts';
import { NONE } from './codes.ts';
import { grown, highWord } from './columns.ts';
import type { EventBuffer } from './event-buffer.ts';
import { EventKind } from './event-buffer.ts';
import type { LevelTable } from './level-table.ts';

const capacityFirst = 64;

/** The levels that the running command touched and what they held before, so that each is told once, with its net change. */
export class LevelChanges {
  #count = 0;
  #book = new Int32Array(capacityFirst);
  #side = new Uint8Array(capacityFirst);
  #price = new Int32Array(capacityFirst);
  #level = new Int32Array(capacityFirst);
  #quantityBefore = new Float64Array(capacityFirst);
  #ordersBefore = new Int32Array(capacityFirst);
  #levels: LevelTable;

  constructor(levels: LevelTable) {
    this.#levels = levels;
  }

  /** Notes a level before it changes for the first time in this command. */
  beforeChange(book: number, side: Side, level: number): void {
    const levels = this.#levels;
    if (levels.change[level] !== NONE) return;
    this.#append(book, side, levels.price[level]!, level);
    this.#quantityBefore[this.#count - 1] = levels.quantity[level]!;
    this.#ordersBefore[this.#count - 1] = levels.orderCount[level]!;
  }

  /** Notes a new level; one that this command removed before at the same price is the same to the public. */
  created(book: number, side: Side, level: number): void {
    const price = this.#levels.price[level]!;
    for (let i = 0; i < this.#count; i++) {
      if (this.#price[i] !== price || this.#side[i] !== side || this.#book[i] !== book) continue;
      this.#level[i] = level;
      this.#levels.change[level] = i;
      return;
    }
    this.#append(book, side, price, level);
  }

  /** Notes that a level that was told to `beforeChange` is gone. */
  removed(level: number): void {
    this.#level[this.#levels.change[level]!] = NONE;
  }

  /** Writes an event for each level that is not as it was, in the order of the first touch; returns how many. */
  flush(events: EventBuffer, command: number): number {
    const levels = this.#levels;
    let written = 0;
    for (let i = 0; i < this.#count; i++) {
      const level = this.#level[i]!;
      const quantity = level === NONE ? 0 : levels.quantity[level]!;
      const orders = level === NONE ? 0 : levels.orderCount[level]!;
      if (level !== NONE) levels.change[level] = NONE;
      if (quantity === this.#quantityBefore[i] && orders === this.#ordersBefore[i]) continue;
      const [book, side, price] = [this.#book[i]!, this.#side[i]!, this.#price[i]!];
      events.push(EventKind.LEVEL_CHANGED, book, command, side, price, quantity | 0, highWord(quantity), orders);
      written++;
    }
    this.#count = 0;
    return written;
  }

  #append(book: number, side: Side, price: number, level: number): void {
    const at = this.#count++;
    if (at === this.#price.length) this.#grow(at * 2);
    this.#book[at] = book;
    this.#side[at] = side;
    this.#price[at] = price;
    this.#level[at] = level;
    this.#quantityBefore[at] = 0;
    this.#ordersBefore[at] = 0;
    this.#levels.change[level] = at;
  }

  #grow(capacity: number): void {
    this.#book = grown(this.#book, capacity);
    this.#side = grown(this.#side, capacity);
    this.#price = grown(this.#price, capacity);
    this.#level = grown(this.#level, capacity);
    this.#quantityBefore = grown(this.#quantityBefore, capacity);
    this.#ordersBefore = grown(this.#ordersBefore, capacity);
  }
}
