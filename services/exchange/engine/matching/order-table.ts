import { NONE } from '../codes.ts';
import { fromWords, grown, highWord } from '../columns.ts';

/** Words of one live order: one line of the processor's cache. A slot is the place of its first word. */
export const orderWords = 16;

/** Limit, or worst price of a stop, in ticks. */
export const PRICE = 0;
/** Lots that did not trade yet, hidden ones included. */
export const OPEN = 1;
/** Lots that its level counts. */
export const SHOWN = 2;
/** Neighbours in the queue, and the level whose queue it is; NONE while it arrives. */
export const NEXT = 3;
export const PREVIOUS = 4;
export const LEVEL = 5;
/** The name of the order outside of the engine; NONE in a free slot. */
export const KEY = 6;
/** Orders of one group never trade with each other. */
export const GROUP = 7;
export const ACCOUNT = 8;
/** Side, type, time in force and the rest, packed: see below. */
export const FLAGS = 9;
/** Slot of the richer terms, or NONE. */
export const EXTRA = 10;
export const BOOK = 11;
// What comes here is looked at least: memory for large arrays begins 16 bytes after a line of the cache, so these words lie in
// the next one.
/** Total lots, traded ones included. */
export const QUANTITY = 12;
export const REVISION = 13;
/** Place in time, two words. */
export const PLACE_LOW = 14;
export const PLACE_HIGH = 15;

const sideMask = 3;
const timeInForceShift = 2;
const selfTradeShift = 5;
const typeShift = 8;
/** Bits of FLAGS beside the packed codes. */
export const POST_ONLY = 1 << 11;
export const SLIDE = 1 << 12;
/** The state hash does not know yet what the order is now. */
export const TOUCHED = 1 << 13;

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
  const rest = flags & ~((7 << typeShift) | (7 << timeInForceShift));
  return rest | (type << typeShift) | (timeInForce << timeInForceShift);
}

const ordersFirst = 1_024;

/** The live orders, one slot each, and where to find an order by its key. Slots of dead orders are used again at once. */
export class OrderTable {
  words = new Int32Array(ordersFirst * orderWords);
  /** Orders that are live. */
  count = 0;
  /** Slot of each key, plus one; 0: the order is not live. */
  #slots = new Int32Array(ordersFirst);
  #used = 0;
  #freeHead: number = NONE;
  /** Keys of orders that changed since they were taken last. */
  touched = new Int32Array(ordersFirst);
  touchedCount = 0;

  /** The slot of a live order, or NONE. */
  find(key: number): number {
    return key < this.#slots.length ? this.#slots[key]! - 1 : NONE;
  }

  /** Takes a slot for a key that has none. */
  allocate(key: number): number {
    let slot = this.#freeHead;
    if (slot === NONE) {
      slot = this.#used;
      this.#used += orderWords;
      if (this.#used > this.words.length) this.words = grown(this.words, stepped(this.#used, orderWords));
    } else {
      this.#freeHead = this.words[slot + NEXT]!;
    }
    if (key >= this.#slots.length) this.#slots = grown(this.#slots, stepped(key + 1, 1));
    this.#slots[key] = slot + 1;
    this.words[slot + KEY] = key;
    this.count++;
    return slot;
  }

  /** Gives a slot back; its key is no longer found. */
  release(slot: number): void {
    this.#slots[this.words[slot + KEY]!] = 0;
    this.words[slot + KEY] = NONE;
    this.words[slot + NEXT] = this.#freeHead;
    this.#freeHead = slot;
    this.count--;
  }

  /** Notes that the hash of an order is no longer right. */
  touch(slot: number): void {
    const words = this.words;
    const flags = words[slot + FLAGS]!;
    if (flags & TOUCHED) return;
    words[slot + FLAGS] = flags | TOUCHED;
    if (this.touchedCount === this.touched.length) this.touched = grown(this.touched, this.touchedCount * 2);
    this.touched[this.touchedCount++] = words[slot + KEY]!;
  }

  /** Forgets what was touched. */
  clearTouched(): void {
    const words = this.words;
    for (let i = 0; i < this.touchedCount; i++) {
      const slot = this.#slots[this.touched[i]!]! - 1;
      if (slot !== NONE) words[slot + FLAGS]! &= ~TOUCHED;
    }
    this.touchedCount = 0;
  }

  /** Slots that were ever used, in words. */
  get used(): number {
    return this.#used;
  }
}

/** The place of an order in time. */
export function placeOf(words: Int32Array, slot: number): number {
  return fromWords(words[slot + PLACE_LOW]!, words[slot + PLACE_HIGH]!);
}

/** Gives an order a place in time. */
export function setPlace(words: Int32Array, slot: number, place: number): void {
  words[slot + PLACE_LOW] = place | 0;
  words[slot + PLACE_HIGH] = place < 4_294_967_296 ? 0 : highWord(place);
}

// Half as much again: doubling would leave up to half of a large table unused.
function stepped(needed: number, unit: number): number {
  return Math.ceil((needed * 3) / (2 * unit)) * unit;
}
