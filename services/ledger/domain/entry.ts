import type { Side } from './hold.ts';

/** Why an asset moved. */
export type PostingKind = 'deposit' | 'withdrawal' | 'issue' | 'trade' | 'fee' | 'adjustment';

/** One leg of an entry: an asset came to (above 0) or left (below 0) an account. Amount in the asset's smallest unit. */
export type Posting = {
  accountId: string;
  asset: string;
  amount: bigint;
  kind: PostingKind;
  /** The order behind it, for trades and fees. */
  orderId?: string;
};

/** One side of a settled trade. */
export type SettledSide = { accountId: string; orderId: string; feeMicros: bigint };

/** A correction of what an account has of one asset. */
export type Correction = {
  adjustmentId: string;
  accountId: string;
  asset: string;
  /** What is added, or below 0 taken, in the asset's smallest unit; not 0. */
  amount: bigint;
  /** What added shares cost in all, in micros; 0 for all else. */
  costMicros: bigint;
  reason: string;
  /** The reference of the entry that is corrected; empty: none. */
  reference: string;
  /** Account of the administrator. */
  adjustedBy: string;
};

/** What the ledger's feed says of an entry. */
export type EntryFact =
  | {
      kind: 'trade';
      tradeId: string;
      symbol: string;
      micros: bigint;
      valueMicros: bigint;
      buyer: SettledSide;
      seller: SettledSide;
      takerSide: Side;
    }
  | { kind: 'cash'; accountId: string; amountMicros: bigint; transferId: string }
  | { kind: 'issue'; accountId: string; symbol: string; micros: bigint; issueId: string }
  | ({ kind: 'adjustment' } & Correction);

/** A change of ownership: its postings sum to 0 for each asset. It gets its sequence in the feed when it is written. */
export type Entry = { fact: EntryFact; postings: Posting[] };

/** The reference of an entry, unique among those of its kind: none is booked twice. */
export function entryReference(fact: EntryFact): string {
  switch (fact.kind) {
    case 'trade':
      return fact.tradeId;
    case 'cash':
      return fact.transferId;
    case 'issue':
      return fact.issueId;
    case 'adjustment':
      return fact.adjustmentId;
  }
}

/** An entry whose postings are checked to sum to 0 for each asset; postings of 0 are left out. Throws RangeError, as one that does not is a bug. */
export function balancedEntry(fact: EntryFact, postings: Posting[]): Entry {
  const sums = new Map<string, bigint>();
  for (const { asset, amount } of postings) sums.set(asset, (sums.get(asset) ?? 0n) + amount);
  for (const [asset, sum] of sums) {
    if (sum !== 0n) throw new RangeError(`the postings of ${entryReference(fact)} leave ${sum} of ${asset} over`);
  }
  return { fact, postings: postings.filter(({ amount }) => amount !== 0n) };
}
