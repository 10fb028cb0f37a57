import { none } from '../model/codes.ts';
import { grown } from '../model/columns.ts';

/**
 * Slots of columns in the order in which they were added, and those that are free. While it is frozen no slot is given out again that was
 * taken out meanwhile: a snapshot reads the slots of a moment long after it, a slice at a time, and copies nothing. What is in a slot must
 * not change once it is added.
 */
export class SlotQueue {
  /** The oldest slot, or none. */
  head: number = none;
  /** Slots that are in the queue. */
  count = 0;
  #tail: number = none;
  #freeHead: number = none;
  #used = 0;
  #next: Int32Array;
  #isFrozen = false;
  #removedWhileFrozen: number[] = [];

  constructor(capacity: number) {
    this.#next = new Int32Array(capacity);
  }

  /** Adds a slot at the end, a free one or the next that was never used. */
  add(): number {
    let slot = this.#freeHead;
    if (slot === none) {
      slot = this.#used++;
      if (slot === this.#next.length) this.#next = grown(this.#next, slot * 2);
    } else {
      this.#freeHead = this.#next[slot]!;
    }
    this.#next[slot] = none;
    if (this.#tail === none) this.head = slot;
    else this.#next[this.#tail] = slot;
    this.#tail = slot;
    this.count++;
    return slot;
  }

  /** Takes out the oldest slot, which there must be. */
  removeOldest(): number {
    const slot = this.head;
    this.head = this.#next[slot]!;
    if (this.head === none) this.#tail = none;
    this.count--;
    if (this.#isFrozen) this.#removedWhileFrozen.push(slot);
    else this.#free(slot);
    return slot;
  }

  /** The first and the last slot of now. */
  range(): { head: number; tail: number } {
    return { head: this.head, tail: this.#tail };
  }

  /** The slots of a range of an earlier moment, since which the queue was frozen. */
  *slots({ head, tail }: { head: number; tail: number }): Generator<number> {
    for (let slot = head; slot !== none; slot = this.#next[slot]!) {
      yield slot;
      if (slot === tail) return;
    }
  }

  /** From now on no slot is given out again. */
  freeze(): void {
    this.#isFrozen = true;
  }

  /** Ends `freeze`. */
  thaw(): void {
    this.#isFrozen = false;
    for (const slot of this.#removedWhileFrozen) this.#free(slot);
    this.#removedWhileFrozen = [];
  }

  #free(slot: number): void {
    this.#next[slot] = this.#freeHead;
    this.#freeHead = slot;
  }
}
