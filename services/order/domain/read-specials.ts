import { PRICE_SCALE, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import { isLasting, type OrderType, type SelfTradePrevention, type TimeInForce } from './order-kind.ts';
import { readTermsDecimal } from './read-terms-decimal.ts';
import { sessionProblem } from './session.ts';
import type { StatedSpecials } from './special-terms.ts';
import { TermsError } from './terms-error.ts';

/** What only some kinds of order state, as it came; empty and undefined: not stated. */
export type RawSpecials = {
  stopPrice: string;
  trail: { kind: 'amount' | 'percent'; text: string } | undefined;
  displayQuantity: string;
  minimumQuantity: string;
  slide: boolean;
  /** Unix milliseconds; NaN for what is no whole millisecond. */
  expireTimeMs: number | undefined;
  selfTrade: SelfTradePrevention | 'unset' | 'other';
  sessionId: string;
};

/** What decides which of them go with an order. */
type Kind = { type: OrderType; timeInForce: TimeInForce; postOnly: boolean };

const none: RawSpecials = {
  stopPrice: '',
  trail: undefined,
  displayQuantity: '',
  minimumQuantity: '',
  slide: false,
  expireTimeMs: undefined,
  selfTrade: 'unset',
  sessionId: '',
};

/** Percent with 2 places, as basis points. */
export const percentScale = 2;
/** Greatest trail in basis points. */
export const trailBpsMax = 9_999n;
/** The last millisecond of the year 9999. */
const timeMsMax = 253_402_300_799_999;

/** Reads what the kind of order needs and takes beside its plain terms; undefined for nothing. Throws TermsError at the first field. */
export function readSpecials(raw: RawSpecials | undefined, kind: Kind): StatedSpecials | undefined {
  if (raw === undefined && !needsSpecials(kind)) return undefined;
  const given = raw ?? none;
  const stated: StatedSpecials = {
    ...stopOf(given, kind),
    ...trailOf(given, kind),
    ...displayOf(given, kind),
    ...minimumOf(given, kind),
    ...slideOf(given, kind),
    ...expiryOf(given, kind),
    ...selfTradeOf(given),
    ...sessionOf(given),
  };
  return Object.keys(stated).length === 0 ? undefined : stated;
}

function needsSpecials({ type, timeInForce }: Kind): boolean {
  return (type !== 'market' && type !== 'limit') || timeInForce === 'gtd';
}

function stopOf({ stopPrice }: RawSpecials, { type }: Kind): StatedSpecials {
  if (type === 'stop' || type === 'stop-limit') {
    return { stopPriceMicros: readTermsDecimal('terms.stop_price', stopPrice, PRICE_SCALE) };
  }
  if (stopPrice !== '') throw new TermsError('terms.stop_price', 'goes with STOP and STOP_LIMIT only');
  return {};
}

function trailOf({ trail }: RawSpecials, { type }: Kind): StatedSpecials {
  if (trail === undefined) {
    if (type !== 'trailing-stop') return {};
    throw new TermsError('terms.trail_amount', 'or trail_percent is needed by a TRAILING_STOP');
  }
  const field = `terms.trail_${trail.kind}`;
  if (type !== 'trailing-stop') throw new TermsError(field, 'goes with TRAILING_STOP only');
  if (trail.kind === 'amount') return { trailMicros: readTermsDecimal(field, trail.text, PRICE_SCALE) };
  return { trailBps: Number(readTermsDecimal(field, trail.text, percentScale, trailBpsMax)) };
}

function displayOf({ displayQuantity }: RawSpecials, { type }: Kind): StatedSpecials {
  const field = 'terms.display_quantity';
  if (type === 'iceberg') return { displayMicros: readTermsDecimal(field, displayQuantity, QUANTITY_SCALE) };
  if (displayQuantity !== '') throw new TermsError(field, 'goes with ICEBERG only');
  return {};
}

function minimumOf({ minimumQuantity }: RawSpecials, { type, timeInForce, postOnly }: Kind): StatedSpecials {
  if (minimumQuantity === '') return {};
  const field = 'terms.minimum_quantity';
  const isTaken = isLasting(timeInForce) || timeInForce === 'ioc';
  if (type !== 'limit' || !isTaken) throw new TermsError(field, 'goes with LIMIT of GTC, DAY, GTD or IOC only');
  if (postOnly) throw new TermsError(field, 'does not go with post_only');
  return { minimumMicros: readTermsDecimal(field, minimumQuantity, QUANTITY_SCALE) };
}

function slideOf({ slide }: RawSpecials, { postOnly }: Kind): StatedSpecials {
  if (slide && !postOnly) throw new TermsError('terms.slide', 'goes with post_only only');
  return slide ? { slide } : {};
}

function expiryOf({ expireTimeMs }: RawSpecials, { timeInForce }: Kind): StatedSpecials {
  const field = 'terms.expire_time';
  if (timeInForce !== 'gtd') {
    if (expireTimeMs !== undefined) throw new TermsError(field, 'goes with GTD only');
    return {};
  }
  if (expireTimeMs === undefined) throw new TermsError(field, 'is needed by GTD');
  return { expireTimeMs: readExpireTime(field, expireTimeMs) };
}

/** A time at which an order expires, Unix milliseconds. Throws TermsError for one that no order can have. */
export function readExpireTime(field: string, expireTimeMs: number): number {
  if (Number.isInteger(expireTimeMs) && expireTimeMs >= 1 && expireTimeMs <= timeMsMax) return expireTimeMs;
  throw new TermsError(field, 'must be a time in whole milliseconds after 1970 and until the year 9999');
}

function selfTradeOf({ selfTrade }: RawSpecials): StatedSpecials {
  if (selfTrade === 'other') throw new TermsError('terms.self_trade_prevention', 'is not a known mode');
  return selfTrade === 'unset' || selfTrade === 'cancel-newest' ? {} : { selfTrade };
}

function sessionOf({ sessionId }: RawSpecials): StatedSpecials {
  if (sessionId === '') return {};
  const problem = sessionProblem(sessionId);
  if (problem !== undefined) throw new TermsError('terms.session_id', problem);
  return { sessionId };
}
