/** The engine's events as plain objects, for tests, tools and the reference engine. The engine itself writes an EventBuffer. */
import type { CancelReason, ListType, Reason, Side, StateCause, TradingState } from './codes.ts';
import type { Listing, SubmitCommand } from './commands.ts';

/** One side of a trade; `remainingLots` 0: the order is filled. */
export type TradedOrder = { orderId: string; accountId: string; side: Side; remainingLots: number };

/** An order as it was submitted; `selfTradeGroup` is never empty: the account id where none was given. */
export type AcceptedOrder = Omit<SubmitCommand, 'kind' | 'idTimeMs' | 'symbol'>;

/** The list of an order, and the order's index in the list's command, from 0. */
export type ListMembership = { listId: string; type: ListType; place: number };

/** An event of a book. Its sequence is its position in the feed. */
export type EngineEvent = { symbol: string } & (
  | { kind: 'listed'; listing: Listing }
  | { kind: 'stateChanged'; state: TradingState; cause: StateCause }
  | { kind: 'accepted'; order: AcceptedOrder; list?: ListMembership }
  | { kind: 'rejected'; orderId: string; accountId: string; reason: Reason; detailA: number; detailB: number }
  | {
      kind: 'traded';
      priceTicks: number;
      quantityLots: number;
      /** In an auction: the order with the higher time priority. */
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
      /** Empty unless a command of the owner or an operator caused it. */
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
      /** Empty unless a replace of the owner caused it; other causes are self-trade prevention, lists, slides and splits. */
      commandId: string;
      priorityKept: boolean;
    }
  /** A waiting order enters the book: an elected stop, or an at-close order at the start of its auction (prices 0). */
  | { kind: 'triggered'; orderId: string; accountId: string; stopPriceTicks: number; lastPriceTicks: number }
  /** An iceberg shows its next slice, behind all other orders at its price. */
  | { kind: 'refreshed'; orderId: string; accountId: string; shownLots: number }
  /** An auction has determined its price; its trades follow. */
  | { kind: 'uncrossed'; priceTicks: number; quantityLots: number }
  | { kind: 'split'; numerator: number; denominator: number }
  | { kind: 'levelChanged'; side: Side; priceTicks: number; quantityLots: number; orderCount: number }
  | { kind: 'commandRejected'; commandId: string; orderId: string; accountId: string; reason: Reason }
);
