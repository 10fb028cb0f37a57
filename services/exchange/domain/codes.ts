/**
 * The engine's closed vocabularies as small integers that fit typed arrays. The numbers are those of the contract's enums, so
 * that the edge maps by identity; a test beside the handlers compares them.
 */

/** Which way an order trades. */
export const Side = { BUY: 1, SELL: 2 } as const;
export type Side = (typeof Side)[keyof typeof Side];

/** How long an order may rest: until cancelled, not at all, or only whole at once. */
export const TimeInForce = { GTC: 1, IOC: 4, FOK: 5 } as const;
export type TimeInForce = (typeof TimeInForce)[keyof typeof TimeInForce];

/** What happens when an arriving order meets one of its own group. */
export const SelfTrade = { CANCEL_NEWEST: 1, CANCEL_OLDEST: 2, CANCEL_BOTH: 3, DECREMENT: 4 } as const;
export type SelfTrade = (typeof SelfTrade)[keyof typeof SelfTrade];

/** What may happen in a book at the moment. */
export const TradingState = { CONTINUOUS: 3, HALTED: 4, CLOSED: 6, DELISTED: 7 } as const;
export type TradingState = (typeof TradingState)[keyof typeof TradingState];

/** Why an order left the book without being filled whole. */
export const CancelReason = { REQUESTED: 1, IMMEDIATE: 2, SELF_TRADE: 3, VOIDED: 4, OPERATOR: 5 } as const;
export type CancelReason = (typeof CancelReason)[keyof typeof CancelReason];

/** Why a command did not take effect. */
export const Reason = {
  NONE: 0,
  INVALID_FIELD: 1,
  KEY_REUSED: 5,
  ORDER_NOT_FOUND: 203,
  SYMBOL_UNKNOWN: 204,
  PRICE_OUT_OF_BAND: 403,
  INSTRUMENT_HALTED: 410,
  INSTRUMENT_NOT_TRADING: 411,
  POST_ONLY_WOULD_TRADE: 412,
  FILL_OR_KILL_UNFILLED: 413,
  ORDER_ID_REUSED: 415,
  ORDER_ID_EXPIRED: 416,
  ORDER_VOIDED: 417,
  ORDER_ALREADY_FINAL: 418,
  ORDER_REVISION_STALE: 419,
  BOOK_FULL: 422,
  SYMBOL_ALREADY_LISTED: 502,
} as const;
export type Reason = (typeof Reason)[keyof typeof Reason];

/**
 * Where an order is in its life: LIVE (matching or resting) until it is FILLED, CANCELLED or REJECTED. VOIDED: voided before it
 * was ever submitted. FREE: the slot holds no order.
 */
export const OrderStatus = { FREE: 0, LIVE: 1, FILLED: 2, CANCELLED: 3, REJECTED: 4, VOIDED: 5 } as const;
export type OrderStatus = (typeof OrderStatus)[keyof typeof OrderStatus];

/** No slot, no level, no order. */
export const NONE = -1;

/** The greatest price in ticks and quantity in lots of one order: 2^31 - 1. */
export const quantityMax = 2_147_483_647;
