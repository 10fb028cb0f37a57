import { grown } from './columns.ts';

/** What an entry of the buffer tells. */
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
} as const;

/** Words of one entry. */
export const eventWords = 9;

/** Whether a CANCELLED or REPLACED entry carries the command's id, and whether a REPLACED one kept its priority. */
export const EventFlag = { KEYED: 1, PRIORITY_KEPT: 2 } as const;

/**
 * The events of the running group as fixed entries of nine words: kind, book, place of the command in the group, then six that
 * depend on the kind:
 *
 *     LISTED            -
 *     STATE_CHANGED     state
 *     ACCEPTED          order slot
 *     REJECTED          order slot
 *     TRADED            maker slot, taker slot, price, lots, maker's open lots, taker's open lots
 *     CANCELLED         order slot, reason, open lots, flags
 *     REPLACED          order slot, price, total lots, open lots, revision, flags
 *     LEVEL_CHANGED     side, price, low and high word of the lots, orders
 *     COMMAND_REJECTED  reason
 *
 * Slots stay valid until the group ends.
 */
export class EventBuffer {
  words = new Int32Array(eventWords * 1_024);
  count = 0;

  /** Appends an entry. */
  push(kind: number, book: number, command: number, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0): void {
    const at = this.count * eventWords;
    if (at === this.words.length) this.words = grown(this.words, at * 2);
    const words = this.words;
    words[at] = kind;
    words[at + 1] = book;
    words[at + 2] = command;
    words[at + 3] = a;
    words[at + 4] = b;
    words[at + 5] = c;
    words[at + 6] = d;
    words[at + 7] = e;
    words[at + 8] = f;
    this.count++;
  }
}
