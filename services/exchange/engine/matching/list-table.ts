import { none } from '../model/codes.ts';
import { grown } from '../model/columns.ts';

/** Words of one list. */
export const listWords = 8;

/** Roles of the orders of a list, which also are the offsets of their slots; `none` for a missing or dead order. */
export const entryRole = 0;
export const firstExitRole = 1;
export const secondExitRole = 2;
/** Lots that the entry traded and by which the exits are not increased yet. */
export const pendingLotsOffset = 3;
/** 1 once the entry has traded. */
export const entryTradedOffset = 4;
/** 1 while the list is queued for the activation of its exits. */
export const queuedOffset = 5;
/** Hash of the list's id. */
export const idLowOffset = 6;
export const idHighOffset = 7;

// Marks a freed list, so that it is not freed twice.
const ended = 2;

/** The lists with a live order. */
export class ListTable {
  words = new Int32Array(16 * listWords);
  /** Lists whose exits are to be activated, in the order of their entries' first trades. */
  readonly queue: number[] = [];
  #used = 0;
  #freeHead: number = none;

  /** Allocates a list without orders. */
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

  /** Removes a dead order from its list, and frees the list with the last one unless it is queued. */
  leave(list: number, role: number): void {
    this.words[list + role] = none;
    this.dropIfEmpty(list);
  }

  /** Frees a list without orders, unless it is queued. */
  dropIfEmpty(list: number): void {
    const words = this.words;
    if (words[list + queuedOffset] !== 0) return;
    for (let role = entryRole; role <= secondExitRole; role++) if (words[list + role] !== none) return;
    words[list + entryRole] = this.#freeHead;
    words[list + queuedOffset] = ended;
    this.#freeHead = list;
  }
}
