import { unavailable } from '#platform/errors/outcry-error.ts';
import { within } from '#platform/time/within.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { MarketPrices } from '../domain/protection-price.ts';
import type { PriceCopy } from './price-copy.ts';

/** Prices that limit market orders. */
export type Quotes = {
  /**
   * The instrument's prices, from memory and without a promise while the market is heard. Rejects with UNAVAILABLE when it was silent for some
   * seconds, as its prices may be wrong by any amount then, and is not heard within another one.
   */
  pricesOf(instrument: Instrument): MarketPrices | Promise<MarketPrices>;
};

/** How long an order may wait: for the first prices of a process, and after a silence, which a machine that stood still makes too. */
const pricesMs = 1_000;

/** Prices from the copy. */
export function createQuotes({ copy }: { copy: PriceCopy }): Quotes {
  return {
    pricesOf({ symbol }) {
      if (copy.isFresh()) return copy.prices(symbol);
      return within(pricesMs, copy.untilHeard(), () => unavailable()).then(() => copy.prices(symbol));
    },
  };
}
