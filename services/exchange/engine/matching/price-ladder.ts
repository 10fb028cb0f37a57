import { none, quantityMax } from '../model/codes.ts';
import { grown } from '../model/columns.ts';

const rootEntries = 128;
const nodesFirst = 8;

/**
 * The levels of one side in price order: a radix tree of five digits (7 bits, then four times 6) over keys of 31 bits, with a bitmap of
 * the digits in each node. Finding, adding and removing a level take a fixed number of steps, and the best level is cached. Greater keys
 * are better: the key is the price where high prices are best, else its distance from 2^31 - 1.
 */
export class PriceLadder {
  /** The best key and its level; none while the ladder is empty. */
  bestKey: number = none;
  bestLevel: number = none;
  /** Levels in the ladder. */
  count = 0;
  // Exclusive or with 2^31 - 1 is the distance from it: no branch, which would be unpredictable.
  readonly #mask: number;
  #root = new Int32Array(rootEntries);
  #rootBits = new Int32Array(rootEntries / 32);
  /** 64 entries a node: child nodes, or levels plus one in nodes of the last digit. 0: no entry; node 0 is empty. */
  #entries = new Int32Array(nodesFirst * 64);
  #bits = new Int32Array(nodesFirst * 2);
  #used = 1;
  #free: number[] = [];
  /** The last node of the last digit that was used, for keys with the same prefix. */
  #nearPrefix: number = none;
  #nearNode = 0;

  /** Whether the highest price is best. */
  constructor(highestFirst: boolean) {
    this.#mask = highestFirst ? 0 : quantityMax;
  }

  /** The key of a price. */
  keyOf(price: number): number {
    return price ^ this.#mask;
  }

  /** The price of a key. */
  priceOf(key: number): number {
    return key ^ this.#mask;
  }

  /** The level at a key, or `none`. */
  find(key: number): number {
    return this.#entries[this.#leaf(key) * 64 + (key & 63)]! - 1;
  }

  /** Adds a level at a key without one. */
  insert(key: number, level: number): void {
    let node = this.#leaf(key);
    if (node === 0) node = this.#makeLeaf(key);
    const digit = key & 63;
    this.#bits[node * 2 + (digit >>> 5)]! |= 1 << (digit & 31);
    this.#entries[node * 64 + digit] = level + 1;
    this.count++;
    if (key > this.bestKey) {
      this.bestKey = key;
      this.bestLevel = level;
    }
  }

  /** Replaces the level at a key. */
  setLevel(key: number, level: number): void {
    this.#entries[this.#leaf(key) * 64 + (key & 63)] = level + 1;
    if (key === this.bestKey) this.bestLevel = level;
  }

  /** Removes the level at a key. */
  remove(key: number): void {
    const node = this.#leaf(key);
    const digit = key & 63;
    const at = node * 2 + (digit >>> 5);
    this.#bits[at]! &= ~(1 << (digit & 31));
    this.#entries[node * 64 + digit] = 0;
    this.count--;
    if (key === this.bestKey) {
      this.bestKey = this.below(key);
      this.bestLevel = this.bestKey === none ? none : this.find(this.bestKey);
    }
    if ((this.#bits[node * 2]! | this.#bits[node * 2 + 1]!) === 0) this.#dropLeaf(key);
  }

  /** The greatest key below a key, or `none`. */
  below(key: number): number {
    const digit = key & 63;
    const near = this.#leaf(key);
    const found = near === 0 ? none : this.#digitBelow(near, digit);
    if (found !== none) return (key & ~63) | found;
    return this.#belowElsewhere(key);
  }

  /** The levels, best first. The ladder must not change during the iteration. */
  *levels(): Generator<number> {
    for (let key = this.bestKey; key !== none; key = this.below(key)) yield this.find(key);
  }

  #belowElsewhere(key: number): number {
    const second = this.#child(key, 1);
    const third = this.#child(key, 2);
    const fourth = this.#child(key, 3);
    let digit = fourth === 0 ? none : this.#digitBelow(fourth, (key >>> 6) & 63);
    if (digit !== none) return this.#greatest(this.#entries[fourth * 64 + digit]!, ((key >>> 12) << 6) | digit, 1);
    digit = third === 0 ? none : this.#digitBelow(third, (key >>> 12) & 63);
    if (digit !== none) return this.#greatest(this.#entries[third * 64 + digit]!, ((key >>> 18) << 6) | digit, 2);
    digit = second === 0 ? none : this.#digitBelow(second, (key >>> 18) & 63);
    if (digit !== none) return this.#greatest(this.#entries[second * 64 + digit]!, ((key >>> 24) << 6) | digit, 3);
    for (let first = (key >>> 24) - 1; first >= 0; first--) {
      const word = this.#rootBits[first >>> 5]! & (0xffffffff >>> (31 - (first & 31)));
      if (word === 0) {
        first &= ~31;
        continue;
      }
      const found = (first & ~31) | (31 - Math.clz32(word));
      return this.#greatest(this.#root[found]!, found, 4);
    }
    return none;
  }

  /** The greatest key in a node with `depth` more digits, after the digits in `prefix`. */
  #greatest(from: number, prefix: number, depth: number): number {
    let [node, key] = [from, prefix];
    for (let left = depth; left > 0; left--) {
      const digit = this.#digitBelow(node, 64);
      key = (key << 6) | digit;
      node = this.#entries[node * 64 + digit]!;
    }
    return key;
  }

  /** The greatest digit of a node below `digit`, or `none`. */
  #digitBelow(node: number, digit: number): number {
    const high = digit > 32 ? this.#bits[node * 2 + 1]! & (digit === 64 ? -1 : (1 << (digit - 32)) - 1) : 0;
    if (high !== 0) return 63 - Math.clz32(high);
    const low = this.#bits[node * 2]! & (digit >= 32 ? -1 : (1 << digit) - 1);
    return low === 0 ? none : 31 - Math.clz32(low);
  }

  #leaf(key: number): number {
    const prefix = key >>> 6;
    if (prefix === this.#nearPrefix) return this.#nearNode;
    const node = this.#child(key, 4);
    if (node !== 0) {
      this.#nearPrefix = prefix;
      this.#nearNode = node;
    }
    return node;
  }

  /** The node after a number of digits of a key, or 0. */
  #child(key: number, digits: number): number {
    let node = this.#root[key >>> 24]!;
    for (let i = 1, shift = 18; i < digits && node !== 0; i++, shift -= 6) {
      node = this.#entries[node * 64 + ((key >>> shift) & 63)]!;
    }
    return node;
  }

  #makeLeaf(key: number): number {
    const first = key >>> 24;
    let node = this.#root[first]!;
    if (node === 0) {
      node = this.#makeNode();
      this.#root[first] = node;
      this.#rootBits[first >>> 5]! |= 1 << (first & 31);
    }
    for (let shift = 18; shift > 0; shift -= 6) {
      const digit = (key >>> shift) & 63;
      const bit = 1 << (digit & 31);
      if ((this.#bits[node * 2 + (digit >>> 5)]! & bit) === 0) {
        const child = this.#makeNode();
        this.#bits[node * 2 + (digit >>> 5)]! |= bit;
        this.#entries[node * 64 + digit] = child;
      }
      node = this.#entries[node * 64 + digit]!;
    }
    this.#nearPrefix = key >>> 6;
    this.#nearNode = node;
    return node;
  }

  #makeNode(): number {
    const node = this.#free.pop() ?? this.#used++;
    if (node * 64 >= this.#entries.length) {
      this.#entries = grown(this.#entries, node * 128);
      this.#bits = grown(this.#bits, node * 4);
    }
    return node;
  }

  /** Frees the empty nodes of a key. */
  #dropLeaf(key: number): void {
    this.#nearPrefix = none;
    for (let digits = 4; digits > 0; digits--) {
      const node = this.#child(key, digits);
      if ((this.#bits[node * 2]! | this.#bits[node * 2 + 1]!) !== 0) return;
      this.#free.push(node);
      if (digits === 1) {
        const first = key >>> 24;
        this.#root[first] = 0;
        this.#rootBits[first >>> 5]! &= ~(1 << (first & 31));
        return;
      }
      const parent = this.#child(key, digits - 1);
      const digit = (key >>> (30 - digits * 6)) & 63;
      this.#bits[parent * 2 + (digit >>> 5)]! &= ~(1 << (digit & 31));
      this.#entries[parent * 64 + digit] = 0;
    }
  }
}
