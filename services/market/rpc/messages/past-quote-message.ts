import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { PastQuoteSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { priceText, quantityText, type Steps } from '../../domain/instrument.ts';
import type { PastQuote } from '../../domain/past-quote.ts';

/** A quote of the past with its prices in dollars. */
export function pastQuoteMessageOf(
  { symbol, timeMs, bid, ask }: PastQuote,
  steps: Steps,
): MessageInitShape<typeof PastQuoteSchema> {
  return {
    symbol,
    time: timestampFromMs(timeMs),
    ...(bid && { bidPrice: priceText(bid.priceTicks, steps), bidQuantity: quantityText(bid.quantityLots, steps) }),
    ...(ask && { askPrice: priceText(ask.priceTicks, steps), askQuantity: quantityText(ask.quantityLots, steps) }),
  };
}
