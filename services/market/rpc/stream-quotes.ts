import { type StreamQuotesRequest, StreamQuotesResponseSchema } from '#gen/outcry/market/v1/market_pb.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import { serveStream } from '#platform/stream/serve-stream.ts';
import type { MarketDeps } from '../deps.ts';
import { encode } from './messages/market-messages.ts';
import { askedSymbols, requireBuilt } from './request-fields.ts';
import { positionOf } from './streams/encoded.ts';
import { quoteSource } from './streams/quote-source.ts';

/** Quotes, then each change; a slow reader gets the latest of each symbol. */
export async function* streamQuotes(deps: MarketDeps, request: StreamQuotesRequest, { signal }: CallContext) {
  const { view } = deps;
  const symbols = [...new Set(askedSymbols(deps.catalogue, request.symbols))];
  requireBuilt(deps);
  const position = () => positionOf(view, symbols[0]);
  yield* serveStream(quoteSource(view, symbols), {
    ...deps.streamTimes,
    signal,
    heartbeat: () => encode(StreamQuotesResponseSchema, { ...position(), message: { case: 'heartbeat', value: {} } }),
    end: () => encode(StreamQuotesResponseSchema, { ...position(), message: { case: 'end', value: {} } }),
  });
}
