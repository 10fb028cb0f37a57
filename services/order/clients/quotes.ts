import { unavailable } from '#platform/errors/outcry-error.ts';
import { within } from '#platform/time/within.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { MarketPrices } from '../domain/protection-price.ts';
import type { PriceCopy } from './price-copy.ts';

/** Prices that limit market orders. */
export type Quotes = {
  /**
   * The instrument's prices, from memory and without a promise once the market has been heard. Throws, or rejects, with UNAVAILABLE when
   * the market has been silent for some seconds: its prices may be wrong by any amount then.
   */
  pricesOf(instrument: Instrument): MarketPrices | Promise<MarketPrices>;
};

/** How long an order may wait for the first prices of a process. */
const firstPricesMs = 1_000;

/** Prices from the copy. */
export function createQuotes({ copy }: { copy: PriceCopy }): Quotes {
  let isComplete = false;
  void copy.complete.then(() => {
    isComplete = true;
  });
  const fresh = ({ symbol }: Instrument): MarketPrices => {
    if (!copy.isFresh()) throw unavailable();
    return copy.prices(symbol);
  };
  return {
    pricesOf(instrument) {
      if (isComplete) return fresh(instrument);
      return within(firstPricesMs, copy.complete, () => unavailable()).then(() => fresh(instrument));
    },
  };
}
