import { none } from './codes.ts';
import { grown } from './columns.ts';

/** Words of one bucket: the slot plus one, or 0, and the hash of its UUID, which avoids most comparisons of UUIDs. */
const bucketWords = 2;

/**
 * Finds the slot of a UUID: open addressing with linear probing, 16 bytes a key and 16 to 32 a bucket, at most half full. Removal
 * shifts later keys back, so that no tombstones accumulate.
 */
export class UuidIndex {
  /** Four words a slot. */
  words = new Uint32Array(4 * 64);
  #buckets = new Int32Array(128 * bucketWords);
  #mask = 127;
  #count = 0;

  /** The slot of the UUID in `key`, or none. */
  find(key: Uint32Array): number {
    const words = this.words;
    const buckets = this.#buckets;
    const hash = mix(key[0]!, key[1]!, key[2]!, key[3]!);
    for (let bucket = hash & this.#mask; ; bucket = (bucket + 1) & this.#mask) {
      const slot = buckets[bucket * bucketWords]! - 1;
      if (slot < 0) return none;
      if (buckets[bucket * bucketWords + 1] !== hash) continue;
      const at = slot * 4;
      if (words[at] === key[0] && words[at + 1] === key[1] && words[at + 2] === key[2] && words[at + 3] === key[3]) {
        return slot;
      }
    }
  }

  /** Adds a UUID that is not in the index under a slot that has none. */
  insert(slot: number, key: Uint32Array): void {
    while (slot * 4 >= this.words.length) this.words = grown(this.words, this.words.length * 2);
    if (this.#count * 2 > this.#mask) this.#rehash();
    const words = this.words;
    for (let i = 0; i < 4; i++) words[slot * 4 + i] = key[i]!;
    this.#put(slot, mix(key[0]!, key[1]!, key[2]!, key[3]!));
    this.#count++;
  }

  /** Takes out the UUID of a slot that is in the index. */
  remove(slot: number): void {
    const buckets = this.#buckets;
    let hole = this.#hashOf(slot) & this.#mask;
    while (buckets[hole * bucketWords] !== slot + 1) hole = (hole + 1) & this.#mask;
    for (
      let bucket = (hole + 1) & this.#mask;
      buckets[bucket * bucketWords] !== 0;
      bucket = (bucket + 1) & this.#mask
    ) {
      const home = buckets[bucket * bucketWords + 1]! & this.#mask;
      if (((bucket - home) & this.#mask) < ((bucket - hole) & this.#mask)) continue;
      buckets[hole * bucketWords] = buckets[bucket * bucketWords]!;
      buckets[hole * bucketWords + 1] = buckets[bucket * bucketWords + 1]!;
      hole = bucket;
    }
    buckets[hole * bucketWords] = 0;
    this.#count--;
  }

  #hashOf(slot: number): number {
    const { words } = this;
    return mix(words[slot * 4]!, words[slot * 4 + 1]!, words[slot * 4 + 2]!, words[slot * 4 + 3]!);
  }

  #put(slot: number, hash: number): void {
    const buckets = this.#buckets;
    let bucket = hash & this.#mask;
    while (buckets[bucket * bucketWords] !== 0) bucket = (bucket + 1) & this.#mask;
    buckets[bucket * bucketWords] = slot + 1;
    buckets[bucket * bucketWords + 1] = hash;
  }

  #rehash(): void {
    const old = this.#buckets;
    this.#buckets = new Int32Array(old.length * 2);
    this.#mask = this.#buckets.length / bucketWords - 1;
    for (let at = 0; at < old.length; at += bucketWords) if (old[at] !== 0) this.#put(old[at]! - 1, old[at + 1]!);
  }
}

function mix(a: number, b: number, c: number, d: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca77) ^ Math.imul(c, 0xc2b2ae3d) ^ Math.imul(d, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return h ^ (h >>> 13);
}
