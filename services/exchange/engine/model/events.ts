/** What the engine tells, as plain objects: for tests, tools and the reference engine. The engine itself writes an EventBuffer. */
import type { CancelReason, ListType, Reason, Side, StateCause, TradingState } from './codes.ts';
import type { Listing, SubmitCommand } from './commands.ts';

/** One side of a trade; `remainingLots` 0: the order is filled. */
export type TradedOrder = { orderId: string; accountId: string; side: Side; remainingLots: number };

/** An order as it was submitted; `selfTradeGroup` is never empty: the account id where none was given. */
export type AcceptedOrder = Omit<SubmitCommand, 'kind' | 'idTimeMs' | 'symbol'>;

/** The list that an order belongs to, and its place in the list's command, from 0. */
export type ListMembership = { listId: string; type: ListType; place: number };

/** Something that happened in a book. Its sequence is its place in the feed. */
export type EngineEvent = { symbol: string } & (
  | { kind: 'listed'; listing: Listing }
  | { kind: 'stateChanged'; state: TradingState; cause: StateCause }
  | { kind: 'accepted'; order: AcceptedOrder; list?: ListMembership }
  | { kind: 'rejected'; orderId: string; accountId: string; reason: Reason; detailA: number; detailB: number }
  | {
      kind: 'traded';
      priceTicks: number;
      quantityLots: number;
      /** In an auction: the order with the earlier place. */
      maker: TradedOrder;
      taker: TradedOrder;
      auction: boolean;
    }
  | {
      kind: 'cancelled';
      orderId: string;
      accountId: string;
      reason: CancelReason;
      remainingLots: number;
      /** Empty when no command of the owner or an operator asked for it. */
      commandId: string;
    }
  | {
      kind: 'replaced';
      orderId: string;
      accountId: string;
      priceTicks: number;
      quantityLots: number;
      remainingLots: number;
      revision: number;
      /** Empty when no replace of the owner did it: self-trade prevention, a list, a slide, a split. */
      commandId: string;
      priorityKept: boolean;
    }
  /** A waiting order enters the book: a stop that was reached, an at-close order at the start of its auction (prices 0). */
  | { kind: 'triggered'; orderId: string; accountId: string; stopPriceTicks: number; lastPriceTicks: number }
  /** An iceberg shows its next slice, behind all others at its price. */
  | { kind: 'refreshed'; orderId: string; accountId: string; shownLots: number }
  /** An auction found its price; its trades follow. */
  | { kind: 'uncrossed'; priceTicks: number; quantityLots: number }
  | { kind: 'split'; numerator: number; denominator: number }
  | { kind: 'levelChanged'; side: Side; priceTicks: number; quantityLots: number; orderCount: number }
  | { kind: 'commandRejected'; commandId: string; orderId: string; accountId: string; reason: Reason }
);
