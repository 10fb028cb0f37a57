import type { MessageInitShape } from '@bufbuild/protobuf';
import type { InstrumentSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { formatDecimal, PRICE_SCALE, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { Terms } from '../../domain/instrument.ts';
import { durationOf } from './duration-message.ts';
import { interruptionFields, type StateFacts } from './interruption-message.ts';

/** What the exchange says of an instrument's book. */
export type BookFacts = StateFacts & { shard: number };

/** The instrument of the contract; without its book it has neither state nor shard. */
export function instrumentOf(terms: Terms, book: Partial<BookFacts> = {}): MessageInitShape<typeof InstrumentSchema> {
  const { symbol, name, sector, tickSize, lotSize, currency, bandBps, referencePrice, calendar } = terms;
  const { breakerBps, breakerHaltMs, breakerAuctionMs } = terms;
  return {
    symbol,
    name,
    sector,
    tickSize: formatDecimal(tickSize, PRICE_SCALE, 2),
    lotSize: formatDecimal(lotSize, QUANTITY_SCALE),
    currency,
    bandBps,
    referencePrice: formatDecimal(referencePrice, PRICE_SCALE, 2),
    state: book.state,
    shard: book.shard,
    calendar,
    breakerBps,
    breakerHaltDuration: durationOf(breakerHaltMs),
    breakerAuctionDuration: durationOf(breakerAuctionMs),
    ...interruptionFields(book),
  };
}
