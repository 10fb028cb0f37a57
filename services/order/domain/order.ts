import { CENT_SCALE, formatCash, formatDecimal, PRICE_SCALE } from '#platform/money/decimal.ts';
import { valueForAmount } from '#platform/money/fees.ts';
import { formatLots, formatTicks } from '#platform/money/grid.ts';
import { mulDiv } from '#platform/money/rounding.ts';
import type { NewTerms } from './new-terms.ts';
import { mayRest, type OrderType, type TimeInForce, waits } from './order-kind.ts';
import { followsEntry, type ListLeg } from './order-list.ts';
import { isFinal, type OrderState } from './order-state.ts';
import type { SpecialTerms } from './special-terms.ts';

/** Side of an order. */
export type Side = 'buy' | 'sell';

/** Why an order was refused: a reason of the contract's closed list, without its prefix, and the numbers it names. */
export type Refusal = { reason: string; metadata: Record<string, string> };

/** Why an order was cancelled. */
export type CancelReason =
  | 'requested'
  | 'no-liquidity'
  | 'self-trade'
  | 'compensated'
  | 'operator'
  | 'expired'
  | 'list'
  | 'session-ended'
  | 'corporate-action';

/** The refusal of an order that did not reach the exchange in time. */
export const notSubmittedInTime: Refusal = { reason: 'ORDER_NOT_SUBMITTED_IN_TIME', metadata: {} };

/**
 * The refusal as its owner reads it: the time that is past for the exchange is that of the caller where the order is for the moment, and its own
 * otherwise.
 */
export function ownRefusal(order: Pick<Order, 'type' | 'timeInForce' | 'byAmount'>, refusal: Refusal): Refusal {
  return refusal.reason === 'EXPIRE_TIME_PAST' && isImmediate(order) ? notSubmittedInTime : refusal;
}

/** Tick, lot and fee rates as they were when the order was placed; later changes do not concern it. */
export type TermsSnapshot = {
  /** Price of one tick in millionths of the currency unit. */
  tickMicros: bigint;
  /** Shares of one lot in millionths. */
  lotMicros: bigint;
  /** Micros of one tick of one lot. */
  tickLotMicros: bigint;
  /** Fee of a maker in basis points. */
  makerBps: number;
  /** Fee of a taker in basis points. */
  takerBps: number;
};

/** One order. */
export type Order = TermsSnapshot & {
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
  /** What only some kinds of order state; undefined for plain market and limit orders. */
  specials: SpecialTerms | undefined;
  /** Whether the size was given as an amount of cash. */
  byAmount: boolean;
  /** Whether the account is a house account. */
  house: boolean;
  /** Lots ordered; of an order by amount the most that it may buy, and when it is filled those that it bought. */
  quantityLots: bigint;
  /** The worst price at which it may trade, in ticks: limit, protection price or worst price of a stop; 0 on an order that was refused because there was no price. */
  priceTicks: bigint;
  /** Greatest position after a buy in millionths of a share; undefined: no limit. */
  positionMaxMicros: bigint | undefined;
  filledLots: bigint;
  /** Value in micros of the fills as a maker. */
  makerValueMicros: bigint;
  /** Value in micros of the fills as a taker. */
  takerValueMicros: bigint;
  /** Fees in micros of all fills. */
  feeMicros: bigint;
  cancelRequested: boolean;
  /** Set when it was cancelled; undefined too when a release that stored none has cancelled it. */
  cancelReason: CancelReason | undefined;
  refusal: Refusal | undefined;
  /** 1 when new; grows with each change of its terms at the exchange. */
  revision: number;
  /** Number of the last change that its owner has begun, from 1; 0: none. */
  replaceNumber: number;
  /** The terms of that change while its outcome is not known; undefined: it is, or there was none. */
  pendingReplace: NewTerms | undefined;
  /** Whether this service ended the order by compensation, after its hold may have been taken. */
  compensated: boolean;
  /** When an order that waited entered the book, Unix milliseconds; undefined: it waits, or never did. */
  triggerTimeMs: number | undefined;
  /** Feed sequence at which the exchange accepted it. */
  acceptedPosition: bigint | undefined;
  /** Feed sequence at which the exchange ended it. */
  finalPosition: bigint | undefined;
  createTimeMs: number;
  updateTimeMs: number;
  /** Absent: the order belongs to no list. */
  leg?: ListLeg;
};

/** An order's progress as its owner sees it. */
export type OrderStatus = 'pending' | 'open' | 'partially-filled' | 'filled' | 'cancelled' | 'rejected';

/** Whether the order is for the market of its own moment (market, IOC, FOK, by amount): submitting it late would harm its owner. */
export function isImmediate(order: Pick<Order, 'type' | 'timeInForce' | 'byAmount'>): boolean {
  return order.byAmount || !(mayRest(order) || waits(order));
}

/** Whether the order is an exit whose entry has not traded yet. */
export function awaitsEntry({ leg, quantityLots }: Order): boolean {
  return leg !== undefined && quantityLots === 0n && followsEntry(leg);
}

/** Whether the order was accepted and waits outside of the book. One that has traded does not, whatever else was seen of it. */
export function isWaiting(order: Order): boolean {
  if (order.state === 'open' && awaitsEntry(order)) return true;
  return order.state === 'open' && order.triggerTimeMs === undefined && order.filledLots === 0n && waits(order);
}

/** Whether the order is in the book and may stay there. */
export function isResting(order: Order): boolean {
  return order.state === 'open' && !isImmediate(order) && mayRest(order) && !isWaiting(order);
}

/** The status of a state. */
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

/** Value in micros of `lots` at `priceTicks`. */
export function valueMicros(terms: Pick<TermsSnapshot, 'tickLotMicros'>, lots: bigint, priceTicks: bigint): bigint {
  return lots * priceTicks * terms.tickLotMicros;
}

/**
 * The order's part of its account's open orders and open notional; nothing once it is final. While a change is on its way, the greater of both
 * terms counts.
 */
export function exposureOf(order: Order): { count: number; notionalMicros: bigint } {
  if (isFinal(order)) return { count: 0, notionalMicros: 0n };
  const { pendingReplace } = order;
  const ticks = order.leg?.exposureTicks;
  const now = openValue(order, order.quantityLots, ticks ?? order.priceTicks);
  const next =
    pendingReplace === undefined
      ? 0n
      : openValue(order, pendingReplace.quantityLots, ticks ?? pendingReplace.priceTicks);
  return { count: 1, notionalMicros: now > next ? now : next };
}

function openValue(order: Order, quantityLots: bigint, priceTicks: bigint): bigint {
  const valueMax = valueMaxOf(order);
  if (valueMax > 0n) return valueMax * order.tickLotMicros - order.makerValueMicros - order.takerValueMicros;
  return quantityLots <= order.filledLots ? 0n : valueMicros(order, quantityLots - order.filledLots, priceTicks);
}

/** Lots times ticks that an order by amount may trade; 0 for all others. */
export function valueMaxOf(order: Pick<Order, keyof TermsSnapshot | 'specials'>): bigint {
  const { amountMicros } = order.specials ?? {};
  return amountMicros === undefined ? 0n : valueForAmount(order, amountMicros);
}

/** Micros as a decimal number of the currency unit. */
export function cashText(micros: bigint): string {
  return formatCash(micros);
}

/** Lots as a decimal number of shares. */
export function sharesText(terms: Pick<TermsSnapshot, 'lotMicros'>, lots: bigint): string {
  return formatLots(lots, terms.lotMicros);
}

/** Ticks as a decimal price with at least 2 places; empty for 0. */
export function priceText(terms: Pick<TermsSnapshot, 'tickMicros'>, priceTicks: bigint): string {
  return priceTicks === 0n ? '' : formatTicks(priceTicks, terms.tickMicros);
}

/** Average price of the fills, rounded half to even to 6 places; empty when there is none. */
export function averagePriceText(order: Order): string {
  const filledMicros = order.filledLots * order.lotMicros;
  if (filledMicros === 0n) return '';
  const micros = order.makerValueMicros + order.takerValueMicros;
  // micros / 10^6 / (micros / 10^6) in units of 10^-6
  return formatDecimal(mulDiv(micros, 1_000_000n, filledMicros, 'half-even'), PRICE_SCALE, CENT_SCALE);
}
