/** What the engine tells, as plain objects: for tests, tools and the reference engine. The engine itself writes an EventBuffer. */
import type { CancelReason, Reason, SelfTrade, Side, TimeInForce, TradingState } from './codes.ts';
import type { Listing } from './commands.ts';

/** One side of a trade; `remainingLots` 0: the order is filled. */
export type TradedOrder = { orderId: string; accountId: string; side: Side; remainingLots: number };

/** An order as it was submitted. */
export type AcceptedOrder = {
  orderId: string;
  accountId: string;
  side: Side;
  timeInForce: TimeInForce;
  priceTicks: number;
  quantityLots: number;
  postOnly: boolean;
  /** Never empty: the account id where none was given. */
  selfTradeGroup: string;
  selfTrade: SelfTrade;
};

/** Something that happened in a book. Its sequence is its place in the feed. */
export type EngineEvent = { symbol: string } & (
  | { kind: 'listed'; listing: Listing }
  | { kind: 'stateChanged'; state: TradingState }
  | { kind: 'accepted'; order: AcceptedOrder }
  | { kind: 'rejected'; orderId: string; accountId: string; reason: Reason; detailA: number; detailB: number }
  | { kind: 'traded'; priceTicks: number; quantityLots: number; maker: TradedOrder; taker: TradedOrder }
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
      /** Empty when self-trade prevention reduced the order. */
      commandId: string;
      priorityKept: boolean;
    }
  | { kind: 'levelChanged'; side: Side; priceTicks: number; quantityLots: number; orderCount: number }
  | { kind: 'commandRejected'; commandId: string; orderId: string; accountId: string; reason: Reason }
);
