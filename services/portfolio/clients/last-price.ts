import type { Quote } from '#gen/outcry/market/v1/market_pb.ts';
import { PRICE_SCALE, parseDecimal } from '#platform/money/decimal.ts';

/** The last trade's price in millionths of the currency; undefined when nothing was ever traded. */
export function lastPriceOf(quote: Quote): bigint | undefined {
  return quote.lastPrice === '' ? undefined : parseDecimal(quote.lastPrice, PRICE_SCALE, { min: 0n });
}
