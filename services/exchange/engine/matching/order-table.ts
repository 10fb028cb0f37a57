import { none } from '../model/codes.ts';
import { fromWords, grown, highWord } from '../model/columns.ts';

/** Words of one live order: one cache line. A slot is the offset of its first word. */
export const orderWords = 16;

/** Limit, or worst price of a stop, in ticks. */
export const priceOffset = 0;
/** Open lots, hidden ones included. */
export const openOffset = 1;
/** Shown lots, which its level counts. */
export const shownOffset = 2;
/** Neighbours in the queue, and the queue's level; `none` while the order is in no queue. */
export const nextOffset = 3;
export const previousOffset = 4;
export const levelOffset = 5;
/** The order's key outside of matching; `none` in a free slot. */
export const keyOffset = 6;
/** Self-trade group. */
export const groupOffset = 7;
export const accountOffset = 8;
/** Side, type, time in force, self-trade mode and bits, packed: see below. */
export const flagsOffset = 9;
/** Slot of the extra terms, or `none`. */
export const extraOffset = 10;
export const bookOffset = 11;
// The words from here on are read least: memory of large arrays begins 16 bytes after a cache line, so they are in the next one.
/** Total lots, traded ones included. */
export const quantityOffset = 12;
export const revisionOffset = 13;
/** Time priority, two words; lower is earlier. */
export const priorityLowOffset = 14;
export const priorityHighOffset = 15;

const sideMask = 3;
const timeInForceShift = 2;
const selfTradeShift = 5;
const typeShift = 8;
/** Bits of the flags word beside the packed codes. */
export const postOnlyBit = 1 << 11;
export const slideBit = 1 << 12;
/** The order has changed since the last state hash. */
export const touchedBit = 1 << 13;

/** Packs the codes of an order. */
export function packFlags(side: number, timeInForce: number, selfTrade: number, type: number, bits: number): number {
  return side | (timeInForce << timeInForceShift) | (selfTrade << selfTradeShift) | (type << typeShift) | bits;
}

/** The side in packed flags. */
export function sideOf(flags: number): number {
  return flags & sideMask;
}

/** The time in force in packed flags. */
export function timeInForceOf(flags: number): number {
  return (flags >>> timeInForceShift) & 7;
}

/** The self-trade mode in packed flags. */
export function selfTradeOf(flags: number): number {
  return (flags >>> selfTradeShift) & 7;
}

/** The order type in packed flags. */
export function typeOf(flags: number): number {
  return (flags >>> typeShift) & 7;
}

/** The flags with another type and time in force. */
export function withTerms(flags: number, type: number, timeInForce: number): number {
  const others = flags & ~((7 << typeShift) | (7 << timeInForceShift));
  return others | (type << typeShift) | (timeInForce << timeInForceShift);
}

const ordersFirst = 1_024;

/** The live orders, one slot each, with an index by key. Slots of dead orders are reused at once. */
export class OrderTable {
  words = new Int32Array(ordersFirst * orderWords);
  /** Live orders. */
  count = 0;
  /** Slot of each key, plus one; 0: the order is not live. */
  #slots = new Int32Array(ordersFirst);
  #used = 0;
  #freeHead: number = none;
  /** Keys of orders that changed since `clearTouched`. */
  touched = new Int32Array(ordersFirst);
  touchedCount = 0;

  /** The slot of a live order, or `none`. */
  find(key: number): number {
    return key < this.#slots.length ? this.#slots[key]! - 1 : none;
  }

  /** Allocates a slot for a key without one. */
  allocate(key: number): number {
    let slot = this.#freeHead;
    if (slot === none) {
      slot = this.#used;
      this.#used += orderWords;
      if (this.#used > this.words.length) this.words = grown(this.words, stepped(this.#used, orderWords));
    } else {
      this.#freeHead = this.words[slot + nextOffset]!;
    }
    if (key >= this.#slots.length) this.#slots = grown(this.#slots, stepped(key + 1, 1));
    this.#slots[key] = slot + 1;
    this.words[slot + keyOffset] = key;
    this.count++;
    return slot;
  }

  /** Frees a slot; its key is no longer found. */
  release(slot: number): void {
    this.#slots[this.words[slot + keyOffset]!] = 0;
    this.words[slot + keyOffset] = none;
    this.words[slot + nextOffset] = this.#freeHead;
    this.#freeHead = slot;
    this.count--;
  }

  /** Marks the hash of an order as outdated. */
  touch(slot: number): void {
    const words = this.words;
    const flags = words[slot + flagsOffset]!;
    if (flags & touchedBit) return;
    words[slot + flagsOffset] = flags | touchedBit;
    if (this.touchedCount === this.touched.length) this.touched = grown(this.touched, this.touchedCount * 2);
    this.touched[this.touchedCount++] = words[slot + keyOffset]!;
  }

  /** Resets the touched orders. */
  clearTouched(): void {
    const words = this.words;
    for (let i = 0; i < this.touchedCount; i++) {
      const slot = this.#slots[this.touched[i]!]! - 1;
      if (slot !== none) words[slot + flagsOffset]! &= ~touchedBit;
    }
    this.touchedCount = 0;
  }

  /** Length of the used part of `words`. */
  get used(): number {
    return this.#used;
  }
}

/** The time priority of an order. */
export function priorityOf(words: Int32Array, slot: number): number {
  return fromWords(words[slot + priorityLowOffset]!, words[slot + priorityHighOffset]!);
}

/** Sets the time priority of an order. */
export function setPriority(words: Int32Array, slot: number, priority: number): void {
  words[slot + priorityLowOffset] = priority | 0;
  words[slot + priorityHighOffset] = priority < 4_294_967_296 ? 0 : highWord(priority);
}

// Grows by half: doubling would leave up to half of a large table unused.
function stepped(needed: number, unit: number): number {
  return Math.ceil((needed * 3) / (2 * unit)) * unit;
}
