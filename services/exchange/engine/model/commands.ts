/** What the engine is told. Everything is well-formed here: the edge refuses the rest before it becomes a command. */
import {
  type ListType,
  OrderType,
  type Reason,
  type SelfTrade,
  type Side,
  type TimeInForce,
  type TradingState,
} from './codes.ts';

/** Brings an order to its book. Keyed by `orderId`. */
export type SubmitCommand = {
  kind: 'submit';
  /** Canonical lower-case UUID. */
  orderId: string;
  /** The creation time inside the order id, Unix milliseconds. */
  idTimeMs: number;
  accountId: string;
  symbol: string;
  side: Side;
  type: OrderType;
  /** LIMIT: any. ICEBERG: all but IOC and FOK. STOP, TRAILING_STOP: GTC, DAY, GTD. STOP_LIMIT: these, IOC and FOK. */
  timeInForce: TimeInForce;
  /** Limit, or the worst price of a stop, in ticks, 1 to 2^31 - 1. */
  priceTicks: number;
  /** Lots, 1 to 2^31 - 1. */
  quantityLots: number;
  /** LIMIT and ICEBERG with GTC, DAY or GTD only. */
  postOnly: boolean;
  /** With `postOnly`: moves to a price that does not trade instead of being rejected. */
  slide: boolean;
  /** Empty: the account id. */
  selfTradeGroup: string;
  selfTrade: SelfTrade;
  /** STOP and STOP_LIMIT: ticks, 1 to 2^31 - 1. All others: 0. */
  stopPriceTicks: number;
  /** TRAILING_STOP: distance in ticks, 1 to 2^31 - 1, or 0 where `trailBps` tells it. All others: 0. */
  trailTicks: number;
  /** TRAILING_STOP: distance in basis points of the price it follows, 1 to 9,999, or 0 where `trailTicks` tells it. */
  trailBps: number;
  /** ICEBERG: lots shown at a time, at most the quantity and at least a thousandth of it. All others: 0. */
  displayLots: number;
  /** LIMIT with GTC, DAY, GTD or IOC, not post-only: lots that must trade at once, at most the quantity. 0: none. */
  minimumLots: number;
  /** GTD: Unix milliseconds. All others: 0. */
  expireTimeMs: number;
  /** Session whose end cancels the order; empty: none. */
  sessionId: string;
};

/** What a plain limit order has in the fields of the richer types. */
export const plainTerms = {
  type: OrderType.LIMIT,
  slide: false,
  stopPriceTicks: 0,
  trailTicks: 0,
  trailBps: 0,
  displayLots: 0,
  minimumLots: 0,
  expireTimeMs: 0,
  sessionId: '',
} as const;

/**
 * Brings orders that depend on each other to their book, all or none. Keyed by `listId` and by each order's id. All orders are of
 * one account, symbol, self-trade group, mode and session, and their ids differ.
 *
 *     OCO      exit, exit
 *     OTO      entry, exit
 *     BRACKET  entry, exit, exit
 *
 * Exits are of one side and quantity; with an entry it is the other side and the entry's quantity. Exits are LIMIT, STOP,
 * STOP_LIMIT or TRAILING_STOP with GTC, DAY or GTD, never post-only. Entries are LIMIT, STOP or STOP_LIMIT, never AT_OPEN or
 * AT_CLOSE.
 */
export type SubmitListCommand = {
  kind: 'submitList';
  /** Canonical lower-case UUID. */
  listId: string;
  type: ListType;
  orders: readonly SubmitCommand[];
};

/** Cancels one order. Keyed by `commandId`. */
export type CancelCommand = {
  kind: 'cancel';
  commandId: string;
  orderId: string;
  accountId: string;
  symbol: string;
};

/** Changes price or total quantity of a resting order. Keyed by `commandId`. */
export type ReplaceCommand = {
  kind: 'replace';
  commandId: string;
  orderId: string;
  accountId: string;
  symbol: string;
  expectedRevision: number;
  priceTicks: number;
  /** New total in lots, traded ones included; an exit of a list keeps its own, whatever stands here. */
  quantityLots: number;
  /** New stop price of a waiting STOP or STOP_LIMIT; 0: as it is. */
  stopPriceTicks: number;
};

/** Cancels all that match. Keyed by `commandId`. */
export type CancelAllCommand = {
  kind: 'cancelAll';
  commandId: string;
  /** Empty: every account's; then `symbol` is not empty. */
  accountId: string;
  /** Empty: all symbols. */
  symbol: string;
  /** 0: both sides. */
  side: Side | 0;
};

/** Cancels an order, known or not, and refuses its id ever after. Keyed by `orderId`. */
export type VoidCommand = { kind: 'void'; orderId: string; idTimeMs: number; accountId: string; symbol: string };

/** The terms of a book. Decimals are canonical text. */
export type Listing = {
  symbol: string;
  tickSize: string;
  lotSize: string;
  currency: string;
  /** Greatest distance of a price from the reference, in basis points; 0: no band. */
  bandBps: number;
  /** Reference in ticks before the first trade; 0: none, then `bandBps` is 0. */
  referencePriceTicks: number;
  /** Circuit breaker: greatest distance of a trade from the breaker's reference, in basis points; 0: no breaker. */
  breakerBps: number;
  /** How long the breaker halts the book, and how long the auction is that reopens it, ms. */
  breakerHaltMs: number;
  breakerAuctionMs: number;
};

/** The terms of a listing without a circuit breaker. */
export const noBreaker = { breakerBps: 0, breakerHaltMs: 0, breakerAuctionMs: 0 } as const;

/** Opens a book. Keyed by its terms. */
export type ListCommand = { kind: 'list'; listing: Listing };

/** Changes the trading state of a book. Keyed by `commandId`. */
export type SetStateCommand = { kind: 'setState'; commandId: string; symbol: string; state: TradingState };

/** Opens a session or renews it: it ends `ttlMs` after the journalled time. Not keyed: it says the same again. */
export type KeepAliveCommand = { kind: 'keepAlive'; sessionId: string; accountId: string; ttlMs: number };

/** Rewrites a book after a share split: `numerator` new shares for `denominator` old ones. Keyed by `commandId`. */
export type SplitCommand = {
  kind: 'split';
  commandId: string;
  symbol: string;
  /** 1 to 1,000 each, and not equal. */
  numerator: number;
  denominator: number;
};

/** Lets what is due happen. */
export type TimeCommand = { kind: 'time' };

/** States the version of the rules that all later commands are carried out by. */
export type RulesCommand = { kind: 'rules'; version: number };

/** All that the engine can be told. */
export type Command =
  | SubmitCommand
  | SubmitListCommand
  | CancelCommand
  | ReplaceCommand
  | CancelAllCommand
  | VoidCommand
  | ListCommand
  | SetStateCommand
  | KeepAliveCommand
  | SplitCommand
  | TimeCommand
  | RulesCommand;

/** What became of one command. */
export type Outcome = {
  /** Whether it belongs in the journal: false for what only repeats an answer or leaves no trace. */
  effective: boolean;
  accepted: boolean;
  reason: Reason;
  /** Numbers of the reason: band low and high, revision, order status, trading state. */
  detailA: number;
  detailB: number;
  /** Sequence of the command's last event; 0 for a command that names nothing known. */
  feedSequence: number;
  tradedLots: number;
  restingLots: number;
  revision: number;
  cancelledCount: number;
};
