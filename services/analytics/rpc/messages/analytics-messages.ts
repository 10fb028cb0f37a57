/** From the domain to the messages of the contract. */
import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import type { MoverListSchema, MoverRanking } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import type { Quote } from '#gen/outcry/market/v1/market_pb.ts';
import { EncodedMessage } from '#platform/rpc/server.ts';

type MoverListInit = MessageInitShape<typeof MoverListSchema>;

/** Serialises a message that goes to many streams. */
export function encode<S extends DescMessage>(schema: S, init: MessageInitShape<S>): EncodedMessage {
  return new EncodedMessage(toBinary(schema, create(schema, init)));
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
