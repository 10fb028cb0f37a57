/** The format of a snapshot's bytes, which are a run of records: a kind byte, then the fields that belong to the kind. */

/** Version of the format. A snapshot of another one is passed over: the journal leads to the same state. */
export const snapshotFormat = 2;

/**
 * What a record is. HEAD comes first, END last; books, names, sessions and lists come before the orders that refer to them. LIVE
 * is an order with its terms and its queue, FINAL one that is remembered only.
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

/** The numbers of an outcome that a COMMAND record holds, in this order. */
export const outcomeNumbers = [
  ...(['reason', 'detailA', 'detailB', 'tradedLots', 'restingLots', 'revision', 'cancelledCount'] as const),
  'feedSequence' as const,
];

/** Words of the richer terms that a LIVE record holds before those of list and session. */
export const termWords = 5;
