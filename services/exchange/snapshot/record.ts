/** The format of a snapshot's bytes, which are a run of records: a kind byte, then the fields that belong to the kind. */

/** Version of the format; a release that writes another one still reads those that may be in its database. */
export const snapshotFormat = 1;

/** What a record is. HEAD comes first, END last; books and names come before the orders that refer to them. */
export const RecordKind = { HEAD: 1, BOOK: 2, NAME: 3, ORDER: 4, COMMAND: 5, END: 6 } as const;

/** The numbers of an outcome that a COMMAND record holds, in this order. */
export const outcomeNumbers = [
  ...(['reason', 'detailA', 'detailB', 'tradedLots', 'restingLots', 'revision', 'cancelledCount'] as const),
  'feedSequence' as const,
];
