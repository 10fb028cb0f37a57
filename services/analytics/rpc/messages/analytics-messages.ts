/** From the domain to the messages of the contract. */
import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { IndicatorPointSchema, MoverListSchema, MoverRanking } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import type { Quote } from '#gen/outcry/market/v1/market_pb.ts';
import { formatDecimal, PRICE_SCALE } from '#platform/money/decimal.ts';
import { EncodedMessage } from '#platform/rpc/server.ts';
import type { Close } from '../../domain/close-series.ts';
import { newestValues } from '../../domain/indicators.ts';
import type { IndicatorQuery } from './request-fields.ts';

type PointInit = MessageInitShape<typeof IndicatorPointSchema>;
type MoverListInit = MessageInitShape<typeof MoverListSchema>;

/** Serialises a message that goes to many streams. */
export function encode<S extends DescMessage>(schema: S, init: MessageInitShape<S>): EncodedMessage {
  return new EncodedMessage(toBinary(schema, create(schema, init)));
}

/** The newest values of the indicator, newest first. */
export function pointsOf(
  closes: readonly Close[],
  { name, length, intervalMs }: IndicatorQuery,
  options: { count: number; nowMs: number },
): PointInit[] {
  const prices = closes.map(({ close }) => close);
  return newestValues(name, prices, { length, count: options.count }).map(({ index, value }) => {
    const { startMs, close } = closes[index] as (typeof closes)[number];
    return {
      startTime: timestampFromMs(startMs),
      close: formatDecimal(close, PRICE_SCALE, 2),
      value: formatDecimal(value, PRICE_SCALE, 2),
      running: startMs + intervalMs > options.nowMs,
    };
  });
}

/** An instrument in a ranking. */
export type RankedQuote = {
  symbol: string;
  name: string;
  quote: Pick<Quote, 'lastPrice' | 'referencePrice' | 'changePercent' | 'volume'>;
};

/** The places of a ranking, the first of them with the rank `firstRank`. */
export function moverListOf(
  entries: readonly RankedQuote[],
  options: { ranking: MoverRanking; firstRank: number },
): MoverListInit {
  return {
    ranking: options.ranking,
    movers: entries.map(({ symbol, name, quote }, index) => ({
      rank: options.firstRank + index,
      symbol,
      name,
      lastPrice: quote.lastPrice,
      referencePrice: quote.referencePrice,
      changePercent: quote.changePercent,
      volume: quote.volume,
    })),
  };
}
