import { NONE, Side } from '../codes.ts';
import { grown, highWord } from '../columns.ts';
import type { EventBuffer } from '../event-buffer.ts';
import { EventKind } from '../event-buffer.ts';
import type { LevelTable } from './level-table.ts';
import { CHANGE, LEVEL_PRICE, ORDER_COUNT, OWNER } from './level-table.ts';

const changeWords = 4;
const OWNER_OF = 0;
const PRICE_OF = 1;
const LEVEL_OF = 2;
const ORDERS_BEFORE = 3;

const changesFirst = 64;

/** The public levels that the running command touched and what they held before, so that each is told once, with its net change. */
export class LevelChanges {
  /** Whether they are told in the order of R15; else in the order in which they were touched, as rule version 1 does. */
  sorted = true;
  #count = 0;
  #words = new Int32Array(changesFirst * changeWords);
  #lotsBefore = new Float64Array(changesFirst);
  #order = new Int32Array(changesFirst);
  readonly #levels: LevelTable;

  constructor(levels: LevelTable) {
    this.#levels = levels;
  }

  /** Notes a level before it changes for the first time in this command. */
  beforeChange(level: number): void {
    const words = this.#levels.words;
    if (words[level + CHANGE] !== NONE) return;
    this.#append(words[level + OWNER]!, words[level + LEVEL_PRICE]!, level);
    const change = this.#count - 1;
    this.#lotsBefore[change] = this.#levels.lots[level >>> 3]!;
    this.#words[change * changeWords + ORDERS_BEFORE] = words[level + ORDER_COUNT]!;
  }

  /** Notes a new level; one that this command removed before at the same price is the same to the public. */
  created(level: number): void {
    const words = this.#levels.words;
    const owner = words[level + OWNER]!;
    const price = words[level + LEVEL_PRICE]!;
    for (let i = 0; i < this.#count; i++) {
      const at = i * changeWords;
      if (this.#words[at + PRICE_OF] !== price || this.#words[at + OWNER_OF] !== owner) continue;
      this.#words[at + LEVEL_OF] = level;
      words[level + CHANGE] = i;
      return;
    }
    this.#append(owner, price, level);
  }

  /** Notes that a level that was told to `beforeChange` is gone. */
  removed(level: number): void {
    this.#words[this.#levels.words[level + CHANGE]! * changeWords + LEVEL_OF] = NONE;
  }

  /** Writes an event for each level that is not as it was. */
  flush(events: EventBuffer, command: number): void {
    const count = this.#count;
    if (count === 0) return;
    this.#count = 0;
    if (count === 1) {
      this.#tell(0, events, command);
      return;
    }
    const order = this.#order;
    for (let i = 0; i < count; i++) {
      let place = i;
      if (this.sorted)
        for (; place > 0 && this.#isBefore(i, order[place - 1]!); place--) order[place] = order[place - 1]!;
      order[place] = i;
    }
    for (let i = 0; i < count; i++) this.#tell(order[i]!, events, command);
  }

  /** Forgets what was noted, without telling it. */
  forget(): void {
    for (let i = 0; i < this.#count; i++) {
      const level = this.#words[i * changeWords + LEVEL_OF]!;
      if (level !== NONE) this.#levels.words[level + CHANGE] = NONE;
    }
    this.#count = 0;
  }

  #tell(change: number, events: EventBuffer, command: number): void {
    const levels = this.#levels;
    const at = change * changeWords;
    const changes = this.#words;
    const level = changes[at + LEVEL_OF]!;
    let lots = 0;
    let orders = 0;
    if (level !== NONE) {
      lots = levels.lots[level >>> 3]!;
      orders = levels.words[level + ORDER_COUNT]!;
      levels.words[level + CHANGE] = NONE;
    }
    const lotsBefore = this.#lotsBefore[change]!;
    const ordersBefore = changes[at + ORDERS_BEFORE]!;
    if (lots === lotsBefore && orders === ordersBefore) return;
    const owner = changes[at + OWNER_OF]!;
    const entry = events.begin(EventKind.LEVEL_CHANGED, owner >>> 3, command);
    const words = events.words;
    words[entry + 3] = (owner & 1) + 1;
    words[entry + 4] = changes[at + PRICE_OF]!;
    words[entry + 5] = lots | 0;
    words[entry + 6] = lots < 2_147_483_648 ? 0 : highWord(lots);
    words[entry + 7] = orders;
    words[entry + 8] = lotsBefore | 0;
    words[entry + 9] = lotsBefore < 2_147_483_648 ? 0 : highWord(lotsBefore);
    words[entry + 10] = ordersBefore;
  }

  /** Whether one change is told before another: books in the order of listing, bids before asks, best price first. */
  #isBefore(a: number, b: number): boolean {
    const words = this.#words;
    const owner = words[a * changeWords + OWNER_OF]!;
    const otherOwner = words[b * changeWords + OWNER_OF]!;
    if (owner !== otherOwner) return owner < otherOwner;
    const priceA = words[a * changeWords + PRICE_OF]!;
    const priceB = words[b * changeWords + PRICE_OF]!;
    return (owner & 1) + 1 === Side.BUY ? priceA > priceB : priceA < priceB;
  }

  #append(owner: number, price: number, level: number): void {
    const change = this.#count++;
    if (change === this.#lotsBefore.length) this.#grow(change * 2);
    const at = change * changeWords;
    const words = this.#words;
    words[at + OWNER_OF] = owner;
    words[at + PRICE_OF] = price;
    words[at + LEVEL_OF] = level;
    words[at + ORDERS_BEFORE] = 0;
    this.#lotsBefore[change] = 0;
    this.#levels.words[level + CHANGE] = change;
  }

  #grow(capacity: number): void {
    this.#words = grown(this.#words, capacity * changeWords);
    this.#lotsBefore = grown(this.#lotsBefore, capacity);
    this.#order = grown(this.#order, capacity);
  }
}
