import { Side } from '../model/codes.ts';
import { grown, highWord } from '../model/columns.ts';
import { type EventBuffer, EventKind } from '../model/event-buffer.ts';
import {
  changedOffset,
  type LevelTable,
  levelPriceOffset,
  orderCountOffset,
  ordersBeforeOffset,
  ownerOffset,
} from './level-table.ts';

const changesFirst = 64;

/**
 * The public levels that the running command touched, so that one event is emitted for each, with its net change. An emptied level is
 * freed only with its event: if it is filled again at the same price, only the net change is public.
 */
export class LevelChanges {
  /** Whether events are in the order of R15; else in the order of the first changes, as in rule version 1. */
  sorted = true;
  #count = 0;
  #changed = new Int32Array(changesFirst);
  readonly #levels: LevelTable;

  constructor(levels: LevelTable) {
    this.#levels = levels;
  }

  /** Records a level before it changes. */
  beforeChange(level: number): void {
    const levels = this.#levels;
    if (levels.words[level + changedOffset] === 1) return;
    levels.saveBefore(level);
    if (this.#count === this.#changed.length) this.#changed = grown(this.#changed, this.#count * 2);
    this.#changed[this.#count++] = level;
  }

  /** A level for a price without one: the level that this command emptied, or a new one. */
  open(owner: number, price: number): number {
    const { words } = this.#levels;
    for (let i = 0; i < this.#count; i++) {
      const level = this.#changed[i]!;
      if (words[level + levelPriceOffset] === price && words[level + ownerOffset] === owner) return level;
    }
    const level = this.#levels.allocate(owner, price);
    this.beforeChange(level);
    return level;
  }

  /** Emits an event for each level that has changed. */
  flush(events: EventBuffer, command: number): void {
    const count = this.#count;
    if (count === 0) return;
    if (count > 1 && this.sorted) this.#sort(count);
    for (let i = 0; i < count; i++) this.#emit(this.#changed[i]!, events, command);
    this.#count = 0;
  }

  /** Discards the changes without events. */
  discard(): void {
    for (let i = 0; i < this.#count; i++) this.#levels.words[this.#changed[i]! + changedOffset] = 0;
    this.#count = 0;
  }

  #emit(level: number, events: EventBuffer, command: number): void {
    const levels = this.#levels;
    const queues = levels.words;
    const lots = levels.lotsOf(level);
    const lotsBefore = levels.lotsBefore(level);
    const orders = queues[level + orderCountOffset]!;
    const ordersBefore = queues[level + ordersBeforeOffset]!;
    queues[level + changedOffset] = 0;
    if (orders === 0) levels.release(level);
    if (lots === lotsBefore && orders === ordersBefore) return;
    const owner = queues[level + ownerOffset]!;
    const entry = events.begin(EventKind.LEVEL_CHANGED, owner >>> 3, command);
    const words = events.words;
    words[entry + 3] = (owner & 1) + 1;
    words[entry + 4] = queues[level + levelPriceOffset]!;
    words[entry + 5] = lots | 0;
    words[entry + 6] = lots < 2_147_483_648 ? 0 : highWord(lots);
    words[entry + 7] = orders;
    words[entry + 8] = lotsBefore | 0;
    words[entry + 9] = lotsBefore < 2_147_483_648 ? 0 : highWord(lotsBefore);
    words[entry + 10] = ordersBefore;
  }

  // Insertion sort: there are few, and those of one taker are in order already.
  #sort(count: number): void {
    const changed = this.#changed;
    for (let i = 1; i < count; i++) {
      const level = changed[i]!;
      let index = i;
      for (; index > 0 && this.#isBefore(level, changed[index - 1]!); index--) changed[index] = changed[index - 1]!;
      changed[index] = level;
    }
  }

  /** The order of R15: books in the order of listing, bids before asks, best price first. */
  #isBefore(a: number, b: number): boolean {
    const { words } = this.#levels;
    const owner = words[a + ownerOffset]!;
    const otherOwner = words[b + ownerOffset]!;
    if (owner !== otherOwner) return owner < otherOwner;
    const price = words[a + levelPriceOffset]!;
    const otherPrice = words[b + levelPriceOffset]!;
    return (owner & 1) + 1 === Side.BUY ? price > otherPrice : price < otherPrice;
  }
}
