/** Which terms of an order go together: whatever breaks none of these rules is an order that the engine has an outcome for. */
import { OrderType, quantityMax, SelfTrade, Side, TimeInForce } from '../../engine/codes.ts';
import type { SubmitCommand } from '../../engine/commands.ts';
import type { Violation } from './fields.ts';

/** The terms of an order, without its names. Numbers may be anything. */
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
>;

const { STOP, STOP_LIMIT, TRAILING_STOP, ICEBERG, LIMIT } = OrderType;
const { GTC, DAY, GTD, IOC, FOK, AT_OPEN, AT_CLOSE } = TimeInForce;
const trailBpsMax = 9_999;
const displayDivisorMax = 1_000;

/** The last millisecond of the year 9999. */
export const timeMsMax = 253_402_300_799_999;

/** The first field of the terms that is malformed or does not go with the others; its name is the contract's. */
export function termsViolation(terms: OrderTerms): Violation | undefined {
  const { side, type, timeInForce, priceTicks, quantityLots, selfTrade } = terms;
  if (side !== Side.BUY && side !== Side.SELL) return wrong('side', 'must be SIDE_BUY or SIDE_SELL');
  if (!isWithin(type, LIMIT, ICEBERG)) {
    return wrong('type', 'must be LIMIT, STOP, STOP_LIMIT, TRAILING_STOP or ICEBERG: the book knows no unpriced order');
  }
  if (!isWithin(timeInForce, GTC, AT_CLOSE)) return wrong('time_in_force', 'is not a known time in force');
  if (!takes(type, timeInForce)) return wrong('time_in_force', 'does not go with the type');
  if (!isWithin(priceTicks, 1, quantityMax)) return wrong('price_ticks', `must be 1 to ${quantityMax}`);
  if (!isWithin(quantityLots, 1, quantityMax)) return wrong('quantity_lots', `must be 1 to ${quantityMax}`);
  if (!isWithin(selfTrade, SelfTrade.CANCEL_NEWEST, SelfTrade.DECREMENT)) {
    return wrong('self_trade_prevention', 'is not a known mode');
  }
  return postOnlyViolation(terms) ?? stopViolation(terms) ?? sizeViolation(terms) ?? expiryViolation(terms);
}

/** A violation. */
export function wrong(field: string, description: string): Violation {
  return { field, description };
}

/** Whether an order with this time in force may rest from its arrival until it is cancelled or its time is over. */
export function mayRest(timeInForce: number): boolean {
  return timeInForce === GTC || timeInForce === DAY || timeInForce === GTD;
}

/** Whether a number is whole and within bounds, both included. */
export function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

/**
 * Whether a type goes with a time in force. A stop has one while it waits, and only a STOP_LIMIT one of its own when it enters; an
 * iceberg that does not rest has nothing to hide.
 */
function takes(type: number, timeInForce: number): boolean {
  if (mayRest(timeInForce) || type === LIMIT) return true;
  if (timeInForce === AT_OPEN || timeInForce === AT_CLOSE) return type === ICEBERG;
  return type === STOP_LIMIT && (timeInForce === IOC || timeInForce === FOK);
}

function postOnlyViolation({ type, timeInForce, postOnly, slide }: OrderTerms): Violation | undefined {
  if (slide && !postOnly) return wrong('slide', 'goes with post_only only');
  if (!postOnly) return undefined;
  if (type !== LIMIT && type !== ICEBERG) return wrong('post_only', 'goes with LIMIT and ICEBERG only');
  return mayRest(timeInForce) ? undefined : wrong('post_only', 'goes with GTC, DAY and GTD only');
}

function stopViolation({ type, stopPriceTicks, trailTicks, trailBps }: OrderTerms): Violation | undefined {
  if (type === STOP || type === STOP_LIMIT) {
    if (!isWithin(stopPriceTicks, 1, quantityMax)) return wrong('stop_price_ticks', `must be 1 to ${quantityMax}`);
  } else if (stopPriceTicks !== 0) return wrong('stop_price_ticks', 'goes with STOP and STOP_LIMIT only');
  if (type !== TRAILING_STOP) {
    if (trailTicks !== 0) return wrong('trail_ticks', 'goes with TRAILING_STOP only');
    return trailBps === 0 ? undefined : wrong('trail_bps', 'goes with TRAILING_STOP only');
  }
  if (trailTicks !== 0 && trailBps !== 0) return wrong('trail_bps', 'does not go with trail_ticks');
  if (trailTicks === 0 && trailBps === 0) return wrong('trail_ticks', 'or trail_bps is needed');
  if (!isWithin(trailTicks, 0, quantityMax)) return wrong('trail_ticks', `must be 1 to ${quantityMax}`);
  return isWithin(trailBps, 0, trailBpsMax) ? undefined : wrong('trail_bps', `must be 1 to ${trailBpsMax}`);
}

function sizeViolation(terms: OrderTerms): Violation | undefined {
  const { type, timeInForce, quantityLots, postOnly, displayLots, minimumLots } = terms;
  if (type === ICEBERG) {
    const least = Math.ceil(quantityLots / displayDivisorMax);
    if (!isWithin(displayLots, least, quantityLots)) {
      return wrong('display_lots', 'must be at most the quantity and at least a thousandth of it');
    }
  } else if (displayLots !== 0) return wrong('display_lots', 'goes with ICEBERG only');
  if (minimumLots === 0) return undefined;
  if (type !== LIMIT || postOnly) return wrong('minimum_lots', 'goes with LIMIT only, and not with post_only');
  if (!mayRest(timeInForce) && timeInForce !== IOC)
    return wrong('minimum_lots', 'goes with GTC, DAY, GTD and IOC only');
  return isWithin(minimumLots, 1, quantityLots) ? undefined : wrong('minimum_lots', 'must be at most the quantity');
}

function expiryViolation({ timeInForce, expireTimeMs }: OrderTerms): Violation | undefined {
  if (timeInForce !== GTD) return expireTimeMs === 0 ? undefined : wrong('expire_time_ms', 'goes with GTD only');
  if (isWithin(expireTimeMs, 1, timeMsMax)) return undefined;
  return wrong('expire_time_ms', 'must be a time in milliseconds since 1970, until the year 9999');
}
