/** The format of a snapshot's bytes: records of a kind byte and the fields of the kind. */

/** Version of the format. Snapshots of other versions are skipped: the journal leads to the same state. */
export const snapshotFormat = 2;

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
} as const;

/** The numbers of an outcome in a COMMAND record, in order. */
export const outcomeNumbers = [
  ...(['reason', 'detailA', 'detailB', 'tradedLots', 'restingLots', 'revision', 'cancelledCount'] as const),
  'feedSequence' as const,
];

/** Words of the extra terms in a LIVE record before those of list and session. */
export const termWords = 5;
