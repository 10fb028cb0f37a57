import { create } from '@bufbuild/protobuf';
import { type InstrumentTerms, InstrumentTermsSchema } from '#gen/outcry/market/v1/internal_pb.ts';
import type { Terms } from '../../domain/instrument.ts';

/** The terms of an instrument whose book is open, as integers. */
export function termsMessageOf(terms: Terms, { shard }: { shard: number }): InstrumentTerms {
  const { symbol, tickSize, lotSize, bandBps, referencePrice } = terms;
  return create(InstrumentTermsSchema, {
    symbol,
    shard,
    tickMicros: tickSize,
    lotMicros: lotSize,
    bandBps,
    referencePriceTicks: referencePrice / tickSize,
  });
}
