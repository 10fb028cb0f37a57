import { none } from '../model/codes.ts';
import { grown } from '../model/columns.ts';

/** Words of one list. */
export const listWords = 8;

/** Slots of the entry and the two exits, in the order of their roles; none where there is none or it is dead. */
export const entryRole = 0;
export const firstExitRole = 1;
export const secondExitRole = 2;
/** Lots that the entry traded and the exits did not grow by yet. */
export const pendingLotsOffset = 3;
/** 1 once the entry traded. */
export const entryTradedOffset = 4;
/** 1 while the list waits for its exits to grow. */
export const queuedOffset = 5;
/** Hash of the list's id. */
export const idLowOffset = 6;
export const idHighOffset = 7;

// Keeps a list that ended from ending twice.
const ended = 2;

/** Which orders depend on each other. A list is there as long as one of its orders is live. */
export class ListTable {
  words = new Int32Array(16 * listWords);
  /** Lists whose exits have to grow, by the first trade of their entries. */
  readonly queue: number[] = [];
  #used = 0;
  #freeHead: number = none;

  /** Takes a list without orders. */
  allocate(idLow: number, idHigh: number): number {
    let list = this.#freeHead;
    if (list === none) {
      list = this.#used;
      this.#used += listWords;
      if (this.#used > this.words.length) this.words = grown(this.words, this.words.length * 2);
    } else {
      this.#freeHead = this.words[list + entryRole]!;
    }
    this.words.fill(none, list, list + 3);
    this.words.fill(0, list + 3, list + idLowOffset);
    this.words[list + idLowOffset] = idLow;
    this.words[list + idHighOffset] = idHigh;
    return list;
  }

  /** Takes a dead order out of its list; the last one ends the list, unless its exits still have to grow. */
  leave(list: number, role: number): void {
    this.words[list + role] = none;
    this.dropIfEmpty(list);
  }

  /** Ends a list that has nothing left. */
  dropIfEmpty(list: number): void {
    const words = this.words;
    if (words[list + queuedOffset] !== 0) return;
    for (let role = entryRole; role <= secondExitRole; role++) if (words[list + role] !== none) return;
    words[list + entryRole] = this.#freeHead;
    words[list + queuedOffset] = ended;
    this.#freeHead = list;
  }
}
