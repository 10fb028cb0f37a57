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
 * The public levels that the running command touched, so that each is told once, with its net change. A level that it emptied is
 * given back only when it is told: one that comes again at the same price is the same to the public.
 */
export class LevelChanges {
  /** Whether they are told in the order of R15; else in the order in which they were touched, as rule version 1 does. */
  sorted = true;
  #count = 0;
  #changed = new Int32Array(changesFirst);
  readonly #levels: LevelTable;

  constructor(levels: LevelTable) {
    this.#levels = levels;
  }

  /** Notes a level before it changes. */
  beforeChange(level: number): void {
    const levels = this.#levels;
    if (levels.words[level + changedOffset] === 1) return;
    levels.saveBefore(level);
    if (this.#count === this.#changed.length) this.#changed = grown(this.#changed, this.#count * 2);
    this.#changed[this.#count++] = level;
  }

  /** A level for a price that has none: the one that this command emptied, or a new one. */
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

  /** Writes an event for each level that is not as it was. */
  flush(events: EventBuffer, command: number): void {
    const count = this.#count;
    if (count === 0) return;
    if (count > 1 && this.sorted) this.#sort(count);
    for (let i = 0; i < count; i++) this.#tell(this.#changed[i]!, events, command);
    this.#count = 0;
  }

  /** Forgets what was noted, without telling it. */
  forget(): void {
    for (let i = 0; i < this.#count; i++) this.#levels.words[this.#changed[i]! + changedOffset] = 0;
    this.#count = 0;
  }

  #tell(level: number, events: EventBuffer, command: number): void {
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

  // By insertion: there are few, and those of a sweep come in their order already.
  #sort(count: number): void {
    const changed = this.#changed;
    for (let i = 1; i < count; i++) {
      const level = changed[i]!;
      let place = i;
      for (; place > 0 && this.#isBefore(level, changed[place - 1]!); place--) changed[place] = changed[place - 1]!;
      changed[place] = level;
    }
  }

  /** Whether one change is told before another: books in the order of listing, bids before asks, best price first. */
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
