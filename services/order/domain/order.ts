import { CASH_SCALE, formatDecimal, PRICE_SCALE } from '#platform/money/decimal.ts';
import { formatLots, formatTicks } from '#platform/money/grid.ts';
import { mulDiv } from '#platform/money/rounding.ts';

/**
 * The life of an order. A step of this service is a compare-and-set on the order's version; the exchange's feed outranks every
 * step and may come first in each passing state (intent, submitting, compensating).
 *
 *   (new)        -> intent        the key, the limits and the price were right
 *   (new)        -> rejected      a business refusal, kept under the key
 *   intent       -> submitting    the ledger holds what the order may cost; from here a Submit may be under way
 *   intent       -> rejected      the ledger refused the hold
 *   intent       -> compensating  too old to be finished
 *   submitting   -> compensating  too old to be finished, and nobody knows whether it reached the exchange
 *   compensating -> rejected      voided at the exchange, never accepted there, hold released
 *   passing      -> open          feed: accepted
 *   passing      -> rejected      feed: rejected
 *   passing      -> compensating  feed: cancelled without ever having been accepted (a void of an unknown id)
 *   open         -> open          feed: traded in part, replaced
 *   open         -> filled        feed: traded whole; final
 *   open         -> cancelled     feed: cancelled; final
 *
 * filled, cancelled and rejected are final.
 */
export type OrderState = 'intent' | 'submitting' | 'compensating' | 'open' | 'filled' | 'cancelled' | 'rejected';

/** Which way an order trades. */
export type Side = 'buy' | 'sell';

/** How an order gets its price. */
export type OrderType = 'market' | 'limit';

/** How long an order lives: until cancelled, at once or not, at once and whole or not. */
export type TimeInForce = 'gtc' | 'ioc' | 'fok';

/** Why an order was refused: a reason of the contract's closed list, without its prefix, and the numbers it names. */
export type Refusal = { reason: string; metadata: Record<string, string> };

/** The terms of a book and of the account's fee plan, frozen when the order is placed. */
export type FrozenTerms = {
  /** Price of one tick in millionths of the currency unit. */
  tickMicros: bigint;
  /** Shares of one lot in millionths. */
  lotMicros: bigint;
  /** Cents of one tick of one lot. */
  tickLotCents: bigint;
  /** Fee of a maker in basis points. */
  makerBps: number;
  /** Fee of a taker in basis points. */
  takerBps: number;
};

/** One order, as this service knows it. */
export type Order = FrozenTerms & {
  /** UUIDv7. */
  orderId: string;
  accountId: string;
  clientOrderId: string;
  /** The normalised terms; the same key with another fingerprint is refused. */
  fingerprint: string;
  state: OrderState;
  /** Grows by one at each change. */
  version: number;
  /** Position of the last visible change in the account's own sequence. */
  changeSequence: bigint;
  symbol: string;
  /** Shard of the exchange that has the book. */
  shard: number;
  side: Side;
  type: OrderType;
  timeInForce: TimeInForce;
  postOnly: boolean;
  /** Whether the size was given as an amount of cash. */
  byAmount: boolean;
  /** Whether the account is a house account. */
  house: boolean;
  quantityLots: bigint;
  /** Limit or protection price in ticks; 0 on an order that was refused for want of a price. */
  priceTicks: bigint;
  /** Greatest position after a buy in millionths of a share; 0: no limit. */
  positionMaxMicros: bigint;
  filledLots: bigint;
  /** Value in cents of the fills as a maker. */
  makerValueCents: bigint;
  /** Value in cents of the fills as a taker. */
  takerValueCents: bigint;
  /** Fees in cents of all fills. */
  feeCents: bigint;
  cancelRequested: boolean;
  refusal: Refusal | undefined;
  /** Whether this service took it back itself, after a hold may have stood. */
  compensated: boolean;
  /** Feed sequence at which the exchange accepted it. */
  acceptedPosition: bigint | undefined;
  /** Feed sequence at which it became final at the exchange. */
  finalPosition: bigint | undefined;
  createTimeMs: number;
  updateTimeMs: number;
};

/** What the owner is told of an order's progress. */
export type OrderStatus = 'pending' | 'open' | 'partially-filled' | 'filled' | 'cancelled' | 'rejected';

/** Whether the order is between two states: nobody knows yet whether it will live. */
export function isPassing({ state }: Pick<Order, 'state'>): boolean {
  return state === 'intent' || state === 'submitting' || state === 'compensating';
}

/** Whether the order can change no more. */
export function isFinal({ state }: Pick<Order, 'state'>): boolean {
  return state === 'filled' || state === 'cancelled' || state === 'rejected';
}

/** Whether finishing the order late would harm its owner: it was meant for the market of its own moment. */
export function isImmediate({
  type,
  timeInForce,
  byAmount,
}: Pick<Order, 'type' | 'timeInForce' | 'byAmount'>): boolean {
  return type === 'market' || timeInForce !== 'gtc' || byAmount;
}

/** The status that the owner is told. */
export function statusOf({ state, filledLots }: Pick<Order, 'state' | 'filledLots'>): OrderStatus {
  switch (state) {
    case 'intent':
    case 'submitting':
    case 'compensating':
      return 'pending';
    case 'open':
      return filledLots > 0n ? 'partially-filled' : 'open';
    case 'filled':
    case 'cancelled':
    case 'rejected':
      return state;
    default:
      return state satisfies never;
  }
}

/** Value in cents of `lots` at `priceTicks`. */
export function valueCents(terms: Pick<FrozenTerms, 'tickLotCents'>, lots: bigint, priceTicks: bigint): bigint {
  return lots * priceTicks * terms.tickLotCents;
}

/** What an order adds to its account's open orders; nothing once it is final. */
export function exposureOf(order: Order): { count: number; notionalCents: bigint } {
  if (isFinal(order)) return { count: 0, notionalCents: 0n };
  const openLots = order.quantityLots - order.filledLots;
  return { count: 1, notionalCents: valueCents(order, openLots, order.priceTicks) };
}

/** Lots as a decimal number of shares. */
export function sharesText(terms: Pick<FrozenTerms, 'lotMicros'>, lots: bigint): string {
  return formatLots(lots, terms.lotMicros);
}

/** Ticks as a decimal price with at least 2 places; empty for 0. */
export function priceText(terms: Pick<FrozenTerms, 'tickMicros'>, priceTicks: bigint): string {
  return priceTicks === 0n ? '' : formatTicks(priceTicks, terms.tickMicros);
}

/** Average price of the fills, rounded half to even to 6 places; empty when there is none. */
export function averagePriceText(order: Order): string {
  const filledMicros = order.filledLots * order.lotMicros;
  if (filledMicros === 0n) return '';
  const cents = order.makerValueCents + order.takerValueCents;
  // cents / 10^2 / (micros / 10^6) in units of 10^-6
  return formatDecimal(mulDiv(cents, 10_000_000_000n, filledMicros, 'half-even'), PRICE_SCALE, CASH_SCALE);
}
