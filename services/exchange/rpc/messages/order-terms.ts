/** Rules for the terms of an order. The engine has an outcome for every order that violates none of them. */
import { OrderType, quantityMax, SelfTrade, Side, TimeInForce } from '../../engine/model/codes.ts';
import type { SubmitCommand } from '../../engine/model/commands.ts';
import type { Violation } from './fields.ts';

/** The terms of an order, without ids and names. Numbers may be out of range. */
export type OrderTerms = Pick<
  SubmitCommand,
  | 'side'
  | 'type'
  | 'timeInForce'
  | 'priceTicks'
  | 'quantityLots'
  | 'postOnly'
  | 'slide'
  | 'selfTrade'
  | 'stopPriceTicks'
  | 'trailTicks'
  | 'trailBps'
  | 'displayLots'
  | 'minimumLots'
  | 'expireTimeMs'
  | 'withinBand'
  | 'valueMax'
>;

const { STOP, STOP_LIMIT, TRAILING_STOP, ICEBERG, LIMIT } = OrderType;
const { GTC, DAY, GTD, IOC, FOK, AT_OPEN, AT_CLOSE } = TimeInForce;

/** Greatest trail in basis points. */
export const trailBpsMax = 9_999;
const displayDivisorMax = 1_000;

/** The last millisecond of the year 9999. */
export const timeMsMax = 253_402_300_799_999;

/** The first field that is malformed or incompatible with the others, by its name in the contract. */
export function termsViolation(terms: OrderTerms): Violation | undefined {
  const { side, type, timeInForce, priceTicks, quantityLots, selfTrade } = terms;
  if (side !== Side.BUY && side !== Side.SELL) return invalid('side', 'must be SIDE_BUY or SIDE_SELL');
  if (!isWithin(type, LIMIT, ICEBERG)) {
    return invalid(
      'type',
      'must be LIMIT, STOP, STOP_LIMIT, TRAILING_STOP or ICEBERG: the book knows no unpriced order',
    );
  }
  if (!isWithin(timeInForce, GTC, AT_CLOSE)) return invalid('time_in_force', 'is not a known time in force');
  if (!takes(type, timeInForce)) return invalid('time_in_force', 'does not go with the type');
  if (!isWithin(priceTicks, 1, quantityMax)) return invalid('price_ticks', `must be 1 to ${quantityMax}`);
  if (!isWithin(quantityLots, 1, quantityMax)) return invalid('quantity_lots', `must be 1 to ${quantityMax}`);
  if (!isWithin(selfTrade, SelfTrade.CANCEL_NEWEST, SelfTrade.DECREMENT)) {
    return invalid('self_trade_prevention', 'is not a known mode');
  }
  return (
    postOnlyViolation(terms) ??
    stopViolation(terms) ??
    sizeViolation(terms) ??
    expiryViolation(terms) ??
    bandViolation(terms) ??
    valueViolation(terms)
  );
}

/** A violation of one field. */
export function invalid(field: string, description: string): Violation {
  return { field, description };
}

/** Whether an order with this time in force may rest from its arrival until it is cancelled or expires. */
export function mayRest(timeInForce: number): boolean {
  return timeInForce === GTC || timeInForce === DAY || timeInForce === GTD;
}

/** Whether a number is whole and within bounds, both included. */
export function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

/**
 * Whether a type is compatible with a time in force. The time in force of a stop applies while it waits; only a STOP_LIMIT may have one
 * for its entry into the book. An iceberg that does not rest has nothing to hide.
 */
function takes(type: number, timeInForce: number): boolean {
  if (mayRest(timeInForce) || type === LIMIT) return true;
  if (timeInForce === AT_OPEN || timeInForce === AT_CLOSE) return type === ICEBERG;
  return type === STOP_LIMIT && (timeInForce === IOC || timeInForce === FOK);
}

function postOnlyViolation({ type, timeInForce, postOnly, slide }: OrderTerms): Violation | undefined {
  if (slide && !postOnly) return invalid('slide', 'goes with post_only only');
  if (!postOnly) return undefined;
  if (type !== LIMIT && type !== ICEBERG) return invalid('post_only', 'goes with LIMIT and ICEBERG only');
  return mayRest(timeInForce) ? undefined : invalid('post_only', 'goes with GTC, DAY and GTD only');
}

function stopViolation({ type, stopPriceTicks, trailTicks, trailBps }: OrderTerms): Violation | undefined {
  if (type === STOP || type === STOP_LIMIT) {
    if (!isWithin(stopPriceTicks, 1, quantityMax)) return invalid('stop_price_ticks', `must be 1 to ${quantityMax}`);
  } else if (stopPriceTicks !== 0) return invalid('stop_price_ticks', 'goes with STOP and STOP_LIMIT only');
  if (type !== TRAILING_STOP) {
    if (trailTicks !== 0) return invalid('trail_ticks', 'goes with TRAILING_STOP only');
    return trailBps === 0 ? undefined : invalid('trail_bps', 'goes with TRAILING_STOP only');
  }
  if (trailTicks !== 0 && trailBps !== 0) return invalid('trail_bps', 'does not go with trail_ticks');
  if (trailTicks === 0 && trailBps === 0) return invalid('trail_ticks', 'or trail_bps is needed');
  if (!isWithin(trailTicks, 0, quantityMax)) return invalid('trail_ticks', `must be 1 to ${quantityMax}`);
  return isWithin(trailBps, 0, trailBpsMax) ? undefined : invalid('trail_bps', `must be 1 to ${trailBpsMax}`);
}

function sizeViolation(terms: OrderTerms): Violation | undefined {
  const { type, timeInForce, quantityLots, postOnly, displayLots, minimumLots } = terms;
  if (type === ICEBERG) {
    const least = Math.ceil(quantityLots / displayDivisorMax);
    if (!isWithin(displayLots, least, quantityLots)) {
      return invalid('display_lots', 'must be at most the quantity and at least a thousandth of it');
    }
  } else if (displayLots !== 0) return invalid('display_lots', 'goes with ICEBERG only');
  if (minimumLots === 0) return undefined;
  if (type !== LIMIT || postOnly) return invalid('minimum_lots', 'goes with LIMIT only, and not with post_only');
  if (!mayRest(timeInForce) && timeInForce !== IOC)
    return invalid('minimum_lots', 'goes with GTC, DAY, GTD and IOC only');
  return isWithin(minimumLots, 1, quantityLots) ? undefined : invalid('minimum_lots', 'must be at most the quantity');
}

function expiryViolation({ type, timeInForce, expireTimeMs }: OrderTerms): Violation | undefined {
  if (timeInForce !== GTD && expireTimeMs === 0) return undefined;
  if (timeInForce !== GTD && !isForTheMoment(type, timeInForce)) {
    return invalid('expire_time_ms', 'goes with GTD, and with LIMIT of IOC and FOK, only');
  }
  if (isWithin(expireTimeMs, 1, timeMsMax)) return undefined;
  return invalid('expire_time_ms', 'must be a time in milliseconds since 1970, until the year 9999');
}

function bandViolation({ type, timeInForce, withinBand }: OrderTerms): Violation | undefined {
  if (!withinBand || isForTheMoment(type, timeInForce)) return undefined;
  return invalid('within_band', 'goes with LIMIT of IOC and FOK only');
}

function valueViolation({ type, timeInForce, minimumLots, valueMax }: OrderTerms): Violation | undefined {
  if (valueMax === 0) return undefined;
  if (!isForTheMoment(type, timeInForce) || minimumLots !== 0) {
    return invalid('value_max', 'goes with LIMIT of IOC and FOK only, and not with minimum_lots');
  }
  return isWithin(valueMax, 1, Number.MAX_SAFE_INTEGER) ? undefined : invalid('value_max', 'must be 1 to 2^53 - 1');
}

/** Whether an order trades when it arrives or never. */
function isForTheMoment(type: number, timeInForce: number): boolean {
  return type === LIMIT && (timeInForce === IOC || timeInForce === FOK);
}
