import { greatestOf } from '#platform/money/extremes.ts';
import { checkValue, type Instrument, toLots, toTicks } from './instrument.ts';
import type { LegOrder } from './list-legs.ts';
import type { ChangedSpecials, NewTerms } from './new-terms.ts';
import { type Order, valueMicros } from './order.ts';
import { beyondTicks, type MarketPrices } from './protection-price.ts';
import type { Change } from './replace.ts';
import { countedTerms, isExit, liveEntryOf } from './replace-leg.ts';
import { displayDivisorMax } from './specials-on-grid.ts';
import { TermsError } from './terms-error.ts';
import { exitPrices, worstPriceTicks } from './worst-price.ts';

/** What the worst price of a stop is set anew from. */
export type ChangePricing = {
  /** How far beyond its stop price it may trade, in basis points. */
  collarBps: number;
  /** Needed for a new trail only. */
  market?: { instrument: Instrument; prices: MarketPrices };
  /** The orders of the order's list; absent: it belongs to none. */
  legs?: readonly LegOrder[];
};

/**
 * The terms of an order after a change. A new stop price, or a new trail, sets the worst price of a stop anew, as when it is placed, unless that is
 * stated too. Throws TermsError for what does not go with the order's kind or its place in a list, and for a price or a quantity that its book does not have.
 */
export function newTermsOf(order: Order, change: Change, pricing: ChangePricing): NewTerms {
  checkKind(order, change);
  const { quantityMicros, limitPriceMicros, stopPriceMicros } = change;
  // An exit that waits for its entry has no lots yet.
  const present = isExit(order) ? greatestOf([order.quantityLots, 1n]) : order.quantityLots;
  const quantityLots = quantityMicros === undefined ? present : toLots(order, quantityMicros, 'quantity');
  const stopTicks = stopPriceMicros && toTicks(order, stopPriceMicros, 'stop_price');
  const limitTicks = limitPriceMicros && toTicks(order, limitPriceMicros, 'limit_price');
  const specials = specialsOf(order, change);
  const priceTicks = limitTicks ?? worstTicks(order, { stopTicks, specials }, pricing) ?? order.priceTicks;
  const terms = { quantityLots, priceTicks, stopTicks, ...(specials && { specials }) };
  const counted = countedTerms(order, terms, pricing.legs ?? []);
  const value = valueMicros(order, counted.quantityLots, counted.priceTicks);
  checkValue(value, quantityMicros === undefined ? 'limit_price' : 'quantity');
  checkDisplay(order.specials?.displayLots, quantityLots);
  return terms;
}

function checkKind(order: Order, { quantityMicros, stopPriceMicros, trail, expireTimeMs }: Change): void {
  const { type, timeInForce } = order;
  if (isExit(order) && quantityMicros !== undefined) {
    throw new TermsError('quantity', 'of an exit follows the other orders of its list');
  }
  if (stopPriceMicros !== undefined && type !== 'stop' && type !== 'stop-limit') {
    throw new TermsError('stop_price', 'goes with STOP and STOP_LIMIT only');
  }
  if (trail !== undefined && type !== 'trailing-stop') {
    throw new TermsError(`trail_${trail.kind}`, 'goes with TRAILING_STOP only');
  }
  if (expireTimeMs !== undefined && timeInForce !== 'gtd') throw new TermsError('expire_time', 'goes with GTD only');
}

function specialsOf(order: Order, { trail, expireTimeMs }: Change): ChangedSpecials | undefined {
  if (trail === undefined && expireTimeMs === undefined) return undefined;
  const specials: ChangedSpecials = {};
  if (trail?.kind === 'amount') specials.trailTicks = toTicks(order, trail.micros, 'trail_amount');
  if (trail?.kind === 'percent') specials.trailBps = trail.bps;
  if (expireTimeMs !== undefined) specials.expireTimeMs = expireTimeMs;
  return specials;
}

/** Undefined: the change is none that sets the worst price anew. */
function worstTicks(
  order: Order,
  { stopTicks, specials }: Pick<NewTerms, 'stopTicks' | 'specials'>,
  { collarBps, market, legs = [] }: ChangePricing,
): bigint | undefined {
  if (order.type === 'stop' && stopTicks) return beyondTicks(stopTicks, order.side, collarBps);
  const isNewTrail = specials?.trailTicks !== undefined || specials?.trailBps !== undefined;
  if (!isNewTrail || market === undefined) return undefined;
  const { instrument } = market;
  const entry = liveEntryOf(order, legs);
  const prices = entry ? exitPrices(order.side, market.prices, entry) : market.prices;
  return worstPriceTicks({ terms: order, specials, collarBps, instrument, prices });
}

function checkDisplay(displayLots: bigint | undefined, quantityLots: bigint): void {
  if (displayLots === undefined || displayLots * displayDivisorMax >= quantityLots) return;
  throw new TermsError('quantity', 'must be at most a thousand times what the order shows');
}
