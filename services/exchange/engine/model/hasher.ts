/**
 * A 64-bit hash in two independent 32-bit lanes, each mixed as in MurmurHash3 (x86, 32 bit; public domain, A. Appleby). Hashes
 * of records are added up lane by lane, so that the hash of a set does not depend on the order in which it was built.
 */
import { highWord } from './columns.ts';
import { parseUuid } from './uuid.ts';

const uuid = new Uint32Array(4);

/** Mixes words into two lanes. */
export class Hasher {
  #a = 0;
  #b = 0;
  #length = 0;

  /** Begins a new hash. */
  reset(): this {
    this.#a = 0x2f0b4c47;
    this.#b = 0x7ed55d16;
    this.#length = 0;
    return this;
  }

  /** Mixes the low 32 bits of a number. */
  word(value: number): this {
    let a = Math.imul(value, 0xcc9e2d51);
    a = Math.imul((a << 15) | (a >>> 17), 0x1b873593) ^ this.#a;
    this.#a = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0;
    let b = Math.imul(value, 0x239b961b);
    b = Math.imul((b << 16) | (b >>> 16), 0xab0e9789) ^ this.#b;
    this.#b = (Math.imul((b << 17) | (b >>> 15), 5) + 0x561ccd1b) | 0;
    this.#length++;
    return this;
  }

  /** Mixes a run of words. */
  words(words: Int32Array, count: number): this {
    let first = this.#a;
    let second = this.#b;
    for (let i = 0; i < count; i++) {
      const value = words[i]!;
      let a = Math.imul(value, 0xcc9e2d51);
      a = Math.imul((a << 15) | (a >>> 17), 0x1b873593) ^ first;
      first = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0;
      let b = Math.imul(value, 0x239b961b);
      b = Math.imul((b << 16) | (b >>> 16), 0xab0e9789) ^ second;
      second = (Math.imul((b << 17) | (b >>> 15), 5) + 0x561ccd1b) | 0;
    }
    this.#a = first;
    this.#b = second;
    this.#length += count;
    return this;
  }

  /** Mixes a whole number below 2^53. */
  long(value: number): this {
    return this.word(value | 0).word(highWord(value));
  }

  /** Mixes a text and its length. */
  text(text: string): this {
    for (let i = 0; i < text.length; i++) this.word(text.charCodeAt(i));
    return this.word(text.length);
  }

  /** Mixes an id: four words for a UUID, else its text. */
  id(text: string): this {
    if (!parseUuid(text, uuid)) return this.text(text);
    return this.word(uuid[0]!).word(uuid[1]!).word(uuid[2]!).word(uuid[3]!);
  }

  /** The first lane, finished. */
  low(): number {
    return finish(this.#a ^ this.#length);
  }

  /** The second lane, finished. */
  high(): number {
    return finish(this.#b ^ this.#length);
  }
}

/** A sum of record hashes, lane by lane. */
export class HashSum {
  low = 0;
  high = 0;

  /** Adds a record's lanes. */
  add(low: number, high: number): void {
    this.low = (this.low + low) | 0;
    this.high = (this.high + high) | 0;
  }

  /** Subtracts a record's lanes. */
  subtract(low: number, high: number): void {
    this.low = (this.low - low) | 0;
    this.high = (this.high - high) | 0;
  }
}

function finish(lane: number): number {
  let h = lane;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
