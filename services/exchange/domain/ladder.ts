import { NONE } from './codes.ts';
import { grown } from './columns.ts';

/**
 * The levels of one side of a book in price order, best last: what happens near the best price moves few entries. A key is the
 * price, negated on the sell side, so that the best one is the greatest on both.
 */
export class Ladder {
  /** Levels, worst first. */
  levels = new Int32Array(16);
  count = 0;
  #keys = new Int32Array(16);
  #sign: 1 | -1;

  /** `sign` is 1 where the highest price is best, -1 where the lowest is. */
  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  /** The level of the best price, or NONE. */
  best(): number {
    return this.count === 0 ? NONE : this.levels[this.count - 1]!;
  }

  /** The level at a price, or NONE. */
  find(price: number): number {
    const key = price * this.#sign;
    const place = this.#placeOf(key);
    return place < this.count && this.#keys[place] === key ? this.levels[place]! : NONE;
  }

  /** Adds a level at a price that has none. */
  insert(price: number, level: number): void {
    if (this.count === this.levels.length) {
      this.levels = grown(this.levels, this.count * 2);
      this.#keys = grown(this.#keys, this.count * 2);
    }
    const key = price * this.#sign;
    const place = this.#placeOf(key);
    if (place < this.count) {
      this.#keys.copyWithin(place + 1, place, this.count);
      this.levels.copyWithin(place + 1, place, this.count);
    }
    this.#keys[place] = key;
    this.levels[place] = level;
    this.count++;
  }

  /** Takes out the level at a price. */
  remove(price: number): void {
    const place = this.#placeOf(price * this.#sign);
    this.count--;
    if (place === this.count) return;
    this.#keys.copyWithin(place, place + 1, this.count + 1);
    this.levels.copyWithin(place, place + 1, this.count + 1);
  }

  // The first place whose key is not below `key`.
  #placeOf(key: number): number {
    const keys = this.#keys;
    let low = 0;
    let high = this.count;
    if (high > 0 && keys[high - 1]! < key) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
