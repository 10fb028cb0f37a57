/**
 * The engine's enumerations as small integers that fit typed arrays. The numbers are those of the contract's enums, so that messages
 * map by identity; `rpc/messages/codes.test.ts` compares them.
 */

/** The side of an order. */
export const Side = { BUY: 1, SELL: 2 } as const;
export type Side = (typeof Side)[keyof typeof Side];

/** The type of an order; see R17 to R20 of the rulebook. */
export const OrderType = { LIMIT: 2, STOP: 3, STOP_LIMIT: 4, TRAILING_STOP: 5, ICEBERG: 6 } as const;
export type OrderType = (typeof OrderType)[keyof typeof OrderType];

/**
 * How long an order may rest: until cancelled (GTC), until the book closes (DAY), until a time (GTD), not at all (IOC), not at all and
 * only as a whole (FOK), in the opening or closing auction only (AT_OPEN, AT_CLOSE).
 */
export const TimeInForce = { GTC: 1, DAY: 2, GTD: 3, IOC: 4, FOK: 5, AT_OPEN: 6, AT_CLOSE: 7 } as const;
export type TimeInForce = (typeof TimeInForce)[keyof typeof TimeInForce];

/** Self-trade prevention: what happens when an arriving order meets one of its own group. */
export const SelfTrade = { CANCEL_NEWEST: 1, CANCEL_OLDEST: 2, CANCEL_BOTH: 3, DECREMENT: 4 } as const;
export type SelfTrade = (typeof SelfTrade)[keyof typeof SelfTrade];

/** The trading state of a book. */
export const TradingState = {
  PRE_OPEN: 1,
  OPENING_AUCTION: 2,
  CONTINUOUS: 3,
  HALTED: 4,
  CLOSING_AUCTION: 5,
  CLOSED: 6,
  DELISTED: 7,
} as const;
export type TradingState = (typeof TradingState)[keyof typeof TradingState];

/** Why an order ended before it was filled. */
export const CancelReason = {
  REQUESTED: 1,
  IMMEDIATE: 2,
  SELF_TRADE: 3,
  VOIDED: 4,
  OPERATOR: 5,
  EXPIRED: 6,
  LIST: 7,
  DISCONNECTED: 8,
  CORPORATE_ACTION: 9,
} as const;
export type CancelReason = (typeof CancelReason)[keyof typeof CancelReason];

/** Why a book changed its trading state. */
export const StateCause = { COMMAND: 0, BREAKER: 1, TIMER: 2 } as const;
export type StateCause = (typeof StateCause)[keyof typeof StateCause];

/** The type of an order list. */
export const ListType = { OCO: 1, OTO: 2, BRACKET: 3 } as const;
export type ListType = (typeof ListType)[keyof typeof ListType];

/** Why a command was rejected. */
export const Reason = {
  NONE: 0,
  INVALID_FIELD: 1,
  KEY_REUSED: 5,
  ORDER_NOT_FOUND: 203,
  SYMBOL_UNKNOWN: 204,
  SESSION_UNKNOWN: 209,
  PRICE_OUT_OF_BAND: 403,
  NO_REFERENCE_PRICE: 404,
  INSTRUMENT_HALTED: 410,
  INSTRUMENT_NOT_TRADING: 411,
  POST_ONLY_WOULD_TRADE: 412,
  FILL_OR_KILL_UNFILLED: 413,
  MINIMUM_QUANTITY_UNFILLED: 414,
  ORDER_ID_REUSED: 415,
  ORDER_ID_EXPIRED: 416,
  ORDER_VOIDED: 417,
  ORDER_ALREADY_FINAL: 418,
  ORDER_REVISION_STALE: 419,
  BOOK_FULL: 422,
  EXPIRE_TIME_PAST: 423,
  NOT_THE_SHARD_HOLDER: 501,
  SYMBOL_ALREADY_LISTED: 502,
} as const;
export type Reason = (typeof Reason)[keyof typeof Reason];

/**
 * The status of an order: LIVE until it is FILLED, CANCELLED or REJECTED. VOIDED: voided before it was submitted. FREE: the record holds
 * no order.
 */
export const OrderStatus = { FREE: 0, LIVE: 1, FILLED: 2, CANCELLED: 3, REJECTED: 4, VOIDED: 5 } as const;
export type OrderStatus = (typeof OrderStatus)[keyof typeof OrderStatus];

/** No slot, no level, no order. */
export const none = -1;

/** The greatest price in ticks and quantity in lots of one order: 2^31 - 1. */
export const quantityMax = 2_147_483_647;
