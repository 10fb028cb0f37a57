import { NONE } from './codes.ts';
import { grown } from './columns.ts';

/**
 * Finds the slot of a UUID: open addressing with linear probing, 16 bytes a key and 8 to 16 a place, at most half full.
 * Removal shifts later keys back, so that no tombstones pile up over months.
 */
export class UuidIndex {
  /** Four words a slot. */
  words = new Uint32Array(4 * 64);
  #places = new Int32Array(128);
  #mask = 127;
  #count = 0;

  /** The slot of the UUID in `key`, or NONE. */
  find(key: Uint32Array): number {
    const [a, b, c, d] = [key[0]!, key[1]!, key[2]!, key[3]!];
    const words = this.words;
    for (let place = mix(a, b, c, d) & this.#mask; ; place = (place + 1) & this.#mask) {
      const slot = this.#places[place]! - 1;
      if (slot < 0) return NONE;
      const at = slot * 4;
      if (words[at + 3] === d && words[at + 2] === c && words[at + 1] === b && words[at] === a) return slot;
    }
  }

  /** Adds a UUID that is not in the index under a slot that has none. */
  insert(slot: number, key: Uint32Array): void {
    while (slot * 4 >= this.words.length) this.words = grown(this.words, this.words.length * 2);
    if (this.#count * 2 >= this.#places.length) this.#rehash();
    this.words.set(key, slot * 4);
    this.#place(slot);
    this.#count++;
  }

  /** Takes out the UUID of a slot that is in the index. */
  remove(slot: number): void {
    let hole = this.#home(slot);
    while (this.#places[hole] !== slot + 1) hole = (hole + 1) & this.#mask;
    for (let place = (hole + 1) & this.#mask; this.#places[place] !== 0; place = (place + 1) & this.#mask) {
      const home = this.#home(this.#places[place]! - 1);
      if (((place - home) & this.#mask) >= ((place - hole) & this.#mask)) {
        this.#places[hole] = this.#places[place]!;
        hole = place;
      }
    }
    this.#places[hole] = 0;
    this.#count--;
  }

  #home(slot: number): number {
    const at = slot * 4;
    return mix(this.words[at]!, this.words[at + 1]!, this.words[at + 2]!, this.words[at + 3]!) & this.#mask;
  }

  #place(slot: number): void {
    let place = this.#home(slot);
    while (this.#places[place] !== 0) place = (place + 1) & this.#mask;
    this.#places[place] = slot + 1;
  }

  #rehash(): void {
    const old = this.#places;
    this.#places = new Int32Array(old.length * 2);
    this.#mask = this.#places.length - 1;
    for (const entry of old) if (entry !== 0) this.#place(entry - 1);
  }
}

function mix(a: number, b: number, c: number, d: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca77) ^ Math.imul(c, 0xc2b2ae3d) ^ Math.imul(d, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return h ^ (h >>> 13);
}
