/** The engine's commands. They are well-formed: malformed requests are refused before they become commands. */
import {
  type ListType,
  OrderType,
  type Reason,
  type SelfTrade,
  type Side,
  type TimeInForce,
  type TradingState,
} from './codes.ts';

/** Submits an order. Its idempotency key is `orderId`. */
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
  /** TRAILING_STOP: distance in ticks, 1 to 2^31 - 1, or 0 if `trailBps` is set. All others: 0. */
  trailTicks: number;
  /** TRAILING_STOP: distance in basis points of the price it follows, 1 to 9,999, or 0 if `trailTicks` is set. */
  trailBps: number;
  /** ICEBERG: lots shown at a time, at most the quantity and at least a thousandth of it. All others: 0. */
  displayLots: number;
  /** LIMIT with GTC, DAY, GTD or IOC, not post-only: lots that must trade at once, at most the quantity. 0: none. */
  minimumLots: number;
  /** GTD: when it ends; LIMIT with IOC or FOK: from when on it does not enter, 0: it always does. Unix milliseconds. All others: 0. */
  expireTimeMs: number;
  /** Session whose end cancels the order; empty: none. */
  sessionId: string;
  /** LIMIT with IOC or FOK: a price beyond the band counts as the band's edge instead of being rejected. */
  withinBand: boolean;
  /**
   * LIMIT with IOC or FOK, without `minimumLots`, in no list: the sum of lots x price in ticks that it trades at most, 1 to 2^53 - 1. 0: its
   * lots alone bound it.
   */
  valueMax: number;
};

/** The values of a plain limit order in the fields of the other types. */
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
  withinBand: false,
  valueMax: 0,
} as const;

/**
 * Submits dependent orders, all or none. Its idempotency keys are `listId` and each order's id. All orders have the same account,
 * symbol, self-trade group, self-trade mode and session, and different ids.
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

/** Cancels one order. Its idempotency key is `commandId`. */
export type CancelCommand = {
  kind: 'cancel';
  commandId: string;
  orderId: string;
  accountId: string;
  symbol: string;
};

/** Changes the terms of a live order. Its idempotency key is `commandId`. */
export type ReplaceCommand = {
  kind: 'replace';
  commandId: string;
  orderId: string;
  accountId: string;
  symbol: string;
  expectedRevision: number;
  priceTicks: number;
  /** New total in lots, traded ones included; ignored for an exit of a list, whose quantity does not change. */
  quantityLots: number;
  /** New stop price of a waiting STOP or STOP_LIMIT; 0: unchanged. */
  stopPriceTicks: number;
  /** New trail of a waiting TRAILING_STOP, in ticks or in basis points, whichever it had; not both. 0: unchanged. */
  trailTicks: number;
  trailBps: number;
  /** New end of a GTD order, Unix milliseconds; 0: unchanged. */
  expireTimeMs: number;
};

/** The values of a replace that changes price and quantity alone in its other fields. */
export const plainChange = { stopPriceTicks: 0, trailTicks: 0, trailBps: 0, expireTimeMs: 0 } as const;

/** Cancels all orders that match. Its idempotency key is `commandId`. */
export type CancelAllCommand = {
  kind: 'cancelAll';
  commandId: string;
  /** Empty: all accounts; then `symbol` is not empty. */
  accountId: string;
  /** Empty: all symbols. */
  symbol: string;
  /** 0: both sides. */
  side: Side | 0;
};

/** Cancels an order, known or not; its id is refused from then on. Its idempotency key is `orderId`. */
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
  /** Duration of the breaker's halt, and of the auction that reopens the book, milliseconds. */
  breakerHaltMs: number;
  breakerAuctionMs: number;
};

/** The terms of a listing without a circuit breaker. */
export const noBreaker = { breakerBps: 0, breakerHaltMs: 0, breakerAuctionMs: 0 } as const;

/** Opens a book. Its terms are its idempotency key. */
export type ListCommand = { kind: 'list'; listing: Listing };

/** Changes the trading state of a book. Its idempotency key is `commandId`. */
export type SetStateCommand = { kind: 'setState'; commandId: string; symbol: string; state: TradingState };

/** Opens or renews a session, which then ends `ttlMs` after the journalled time. Needs no idempotency key. */
export type KeepAliveCommand = { kind: 'keepAlive'; sessionId: string; accountId: string; ttlMs: number };

/** Rewrites a book after a share split: `numerator` new shares for `denominator` old ones. Its idempotency key is `commandId`. */
export type SplitCommand = {
  kind: 'split';
  commandId: string;
  symbol: string;
  /** 1 to 1,000 each, and not equal. */
  numerator: number;
  denominator: number;
};

/** Carries out everything that is due. */
export type TimeCommand = { kind: 'time' };

/** Sets the rule version for all later commands. */
export type RulesCommand = { kind: 'rules'; version: number };

/** Any command. */
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

/** The order that a command names; of a list the one at an index. Throws for a command of no order. */
export function orderOf(command: Command, place: number): { orderId: string; accountId: string; symbol: string } {
  const order = command.kind === 'submitList' ? command.orders[place] : command;
  if (order && 'orderId' in order) return order;
  throw new Error(`a ${command.kind} names no order ${place}`);
}

/** The outcome of one command. */
export type Outcome = {
  /** Whether it is journalled: false for a repeated answer and for a refusal that changes no state. */
  effective: boolean;
  accepted: boolean;
  reason: Reason;
  /** Numbers of the reason: band low and high, revision, order status, trading state. */
  detailA: number;
  detailB: number;
  /** Sequence of the command's last event; 0 for a command on something unknown. */
  feedSequence: number;
  tradedLots: number;
  /**
   * Sum of lots x price in ticks over the trades of `tradedLots`, below 2^63. 0 although lots were traded: not known, as the answer is
   * from a snapshot of an earlier release.
   */
  tradedValue: bigint;
  restingLots: number;
  revision: number;
  cancelledCount: number;
  /**
   * Journalled time of the command that had this outcome first, Unix milliseconds. 0 for a refusal that changes no state, and where a
   * snapshot of an earlier release did not hold it.
   */
  timeMs: number;
};
