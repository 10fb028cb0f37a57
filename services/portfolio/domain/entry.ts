/** The ledger's entries as portfolio understands them. */

/** Position and time of an entry. */
type Booked = {
  /** Position in the ledger's feed. */
  sequence: bigint;
  /** Unix milliseconds. */
  timeMs: number;
};

/** One side of a trade. */
export type TradeSide = { accountId: string; orderId: string; feeMicros: bigint };

/** Shares changed hands. */
export type TradeEntry = Booked & {
  kind: 'trade';
  tradeId: string;
  symbol: string;
  quantityMicros: bigint;
  /** Before fees. */
  valueMicros: bigint;
  /** Whether a release booked it that counted cash in cents, and rounded the cost of what is sold to one. */
  isOfCents: boolean;
  buyer: TradeSide;
  seller: TradeSide;
};

/** Cash came in (positive) or went out, by a transfer or as a correction. */
export type CashEntry = Booked & { kind: 'cash'; accountId: string; amountMicros: bigint };

/** Shares came into being, at no cost. */
export type IssueEntry = Booked & { kind: 'issue'; accountId: string; symbol: string; quantityMicros: bigint };

/** An administrator added shares (positive), which cost so much in all, or took some. */
export type AdjustmentEntry = Booked & {
  kind: 'adjustment';
  accountId: string;
  symbol: string;
  quantityMicros: bigint;
  /** 0 for shares that were taken. */
  costMicros: bigint;
};

/** One thing that the ledger booked. */
export type Entry = TradeEntry | CashEntry | IssueEntry | AdjustmentEntry;
