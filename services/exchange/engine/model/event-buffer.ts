import { grown } from './columns.ts';

/** The kind of an entry. */
export const EventKind = {
  LISTED: 1,
  STATE_CHANGED: 2,
  ACCEPTED: 3,
  REJECTED: 4,
  TRADED: 5,
  CANCELLED: 6,
  REPLACED: 7,
  LEVEL_CHANGED: 8,
  COMMAND_REJECTED: 9,
  TRIGGERED: 10,
  REFRESHED: 11,
  UNCROSSED: 12,
  SPLIT: 13,
} as const;

/** Words of one entry. */
export const eventWords = 12;

/** Flags: a CANCELLED or REPLACED entry carries the command's id; a REPLACED order retained its priority. */
export const EventFlag = { KEYED: 1, PRIORITY_RETAINED: 2 } as const;

/**
 * The events of the running group as entries of twelve words: kind, book, index of the command in the group, then up to nine that depend
 * on the kind. Orders are identified by their keys:
 *
 *     LISTED            -
 *     STATE_CHANGED     state, cause
 *     ACCEPTED          key, index in the list's command (0 without a list)
 *     REJECTED          key, reason, detail, detail
 *     TRADED            maker key, taker key, price, lots, maker's open lots, taker's open lots, 1 in an auction
 *     CANCELLED         key, reason, open lots, flags
 *     REPLACED          key, price, total lots, open lots, revision, flags
 *     LEVEL_CHANGED     side, price, lots (low and high word), orders, lots before (low and high word), orders before, checksum
 *     COMMAND_REJECTED  reason
 *     TRIGGERED         key, stop price, last price
 *     REFRESHED         key, shown lots
 *     UNCROSSED         price, lots (low and high word)
 *     SPLIT             numerator, denominator
 *
 * A REJECTED or CANCELLED order of an unknown symbol has no book (`none`): the symbol is that of the command. One that is not remembered,
 * as the memory is full, has no key (`none`): it is the command's order, of a list the one at the index in the second detail.
 *
 * Words that a kind does not use are undefined.
 */
export class EventBuffer {
  words = new Int32Array(eventWords * 1_024);
  count = 0;

  /** Appends an entry and returns the offset of its words; the caller fills in those from the fourth on. */
  begin(kind: number, book: number, command: number): number {
    const at = this.count * eventWords;
    if (at === this.words.length) this.words = grown(this.words, at * 2);
    const words = this.words;
    words[at] = kind;
    words[at + 1] = book;
    words[at + 2] = command;
    this.count++;
    return at;
  }

  /** Appends an entry of an order with up to four more words. */
  push(kind: number, book: number, command: number, a = 0, b = 0, c = 0, d = 0): void {
    const at = this.begin(kind, book, command);
    const words = this.words;
    words[at + 3] = a;
    words[at + 4] = b;
    words[at + 5] = c;
    words[at + 6] = d;
  }
}
