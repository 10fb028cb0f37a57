import { type Instrument, toLots, toTicks } from './instrument.ts';
import type { SpecialTerms, StatedSpecials } from './special-terms.ts';
import { TermsError } from './terms-error.ts';

/** An iceberg shows at least this part of its quantity at a time. */
export const displayDivisorMax = 1_000n;

/** What only some kinds state, in ticks and lots of the book. Throws TermsError for what does not fit the book or the quantity. */
export function specialsOnGrid(instrument: Instrument, stated: StatedSpecials, quantityLots: bigint): SpecialTerms {
  const { stopPriceMicros, trailMicros, displayMicros, minimumMicros, ...others } = stated;
  const specials: SpecialTerms = others;
  if (stopPriceMicros !== undefined) specials.stopTicks = toTicks(instrument, stopPriceMicros, 'terms.stop_price');
  if (trailMicros !== undefined) specials.trailTicks = toTicks(instrument, trailMicros, 'terms.trail_amount');
  if (displayMicros !== undefined) {
    const field = 'terms.display_quantity';
    specials.displayLots = toLots(instrument, displayMicros, field);
    checkUpTo(specials.displayLots, quantityLots, field);
    if (specials.displayLots * displayDivisorMax < quantityLots) {
      throw new TermsError(field, 'must be at least a thousandth of the quantity');
    }
  }
  if (minimumMicros !== undefined) {
    specials.minimumLots = toLots(instrument, minimumMicros, 'terms.minimum_quantity');
    checkUpTo(specials.minimumLots, quantityLots, 'terms.minimum_quantity');
  }
  return specials;
}

function checkUpTo(lots: bigint, quantityLots: bigint, field: string): void {
  if (lots > quantityLots) throw new TermsError(field, 'must be at most the quantity');
}
