import { none } from '../model/codes.ts';
import { fromWords, grown } from '../model/columns.ts';
import {
  acceptanceHighOffset,
  acceptanceLowOffset,
  type ExtraTable,
  extraWords,
  heapIndexOffset,
} from './extra-table.ts';
import { extraOffset, type OrderTable } from './order-table.ts';

/** Slots of orders that expire: a binary heap by time, then acceptance. Each order stores its index, so that any can be removed. */
export class ExpiryHeap {
  #slots = new Int32Array(16);
  #count = 0;
  readonly #orders: OrderTable;
  readonly #extras: ExtraTable;

  constructor(orders: OrderTable, extras: ExtraTable) {
    this.#orders = orders;
    this.#extras = extras;
  }

  /** The slot of the order that expires first, or `none`. */
  first(): number {
    return this.#count === 0 ? none : this.#slots[0]!;
  }

  /** When the first order expires, Unix ms; Infinity: never. */
  get dueMs(): number {
    return this.#count === 0 ? Number.POSITIVE_INFINITY : this.#timeOf(this.#slots[0]!);
  }

  /** Adds an order with an expire time. */
  add(slot: number): void {
    if (this.#count === this.#slots.length) this.#slots = grown(this.#slots, this.#count * 2);
    this.#rise(this.#count++, slot);
  }

  /** Removes an order, if it is in the heap. */
  remove(extra: number): void {
    const index = this.#extras.words[extra + heapIndexOffset]!;
    if (index === none) return;
    this.#extras.words[extra + heapIndexOffset] = none;
    const last = this.#slots[--this.#count]!;
    if (index === this.#count) return;
    this.#sink(index, last);
    this.#rise(this.#extras.words[this.#extraOf(last) + heapIndexOffset]!, last);
  }

  #rise(from: number, slot: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >>> 1;
      if (!this.#isBefore(slot, this.#slots[parent]!)) break;
      this.#put(index, this.#slots[parent]!);
      index = parent;
    }
    this.#put(index, slot);
  }

  #sink(from: number, slot: number): void {
    let index = from;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= this.#count) break;
      if (child + 1 < this.#count && this.#isBefore(this.#slots[child + 1]!, this.#slots[child]!)) child++;
      if (!this.#isBefore(this.#slots[child]!, slot)) break;
      this.#put(index, this.#slots[child]!);
      index = child;
    }
    this.#put(index, slot);
  }

  #put(index: number, slot: number): void {
    this.#slots[index] = slot;
    this.#extras.words[this.#extraOf(slot) + heapIndexOffset] = index;
  }

  #isBefore(a: number, b: number): boolean {
    const [timeA, timeB] = [this.#timeOf(a), this.#timeOf(b)];
    if (timeA !== timeB) return timeA < timeB;
    return this.#acceptanceOf(a) < this.#acceptanceOf(b);
  }

  #timeOf(slot: number): number {
    return this.#extras.expireTimeMs[this.#extraOf(slot) / extraWords]!;
  }

  #acceptanceOf(slot: number): number {
    const { words } = this.#extras;
    const extra = this.#extraOf(slot);
    return fromWords(words[extra + acceptanceLowOffset]!, words[extra + acceptanceHighOffset]!);
  }

  #extraOf(slot: number): number {
    return this.#orders.words[slot + extraOffset]!;
  }
}
