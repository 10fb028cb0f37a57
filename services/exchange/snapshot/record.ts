/** The format of a snapshot's bytes: records of a kind byte and the fields of the kind. */

/**
 * Version of the format. Formats 2 and 3 are read too: up to 3 commands have the text of their ids, every order has a book, and there are no
 * closed ids; format 2 lacks what answers say of traded value, and the time of an order's answer. Snapshots of other versions are skipped:
 * the journal leads to the same state.
 */
export const snapshotFormat = 4;

/** The oldest format that is read. */
export const snapshotFormatOldest = 2;

/**
 * The kind of a record. HEAD is first, END last; books, names, sessions and lists precede the orders that refer to them. LIVE is an order
 * with its terms and queue, FINAL a remembered one.
 */
export const RecordKind = {
  HEAD: 1,
  BOOK: 2,
  NAME: 3,
  SESSION: 4,
  LIST: 5,
  LIVE: 6,
  FINAL: 7,
  COMMAND: 8,
  END: 9,
  OPERATOR_COMMAND: 10,
} as const;

/** The numbers of an outcome in a COMMAND record, in order. */
export const outcomeNumbers = [
  ...(['reason', 'detailA', 'detailB', 'tradedLots', 'restingLots', 'revision', 'cancelledCount'] as const),
  'feedSequence' as const,
];

/** A traded value is two varints: this many low bits, and the rest. */
export const valueLowBits = 53;

/** Words of the extra terms in a LIVE record before those of list and session. */
export const termWords = 5;
