import { type StreamQuotesRequest, StreamQuotesResponseSchema } from '#gen/outcry/market/v1/market_pb.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import type { MarketDeps } from '../deps.ts';
import { askedSymbols, requireBuilt, symbolsMax } from './request-fields.ts';
import { quoteSource } from './streams/quote-source.ts';
import { readResume, serveSymbolStream } from './streams/symbol-stream.ts';

/** Quotes, then each change; a slow reader gets the latest of each symbol. */
export async function* streamQuotes(deps: MarketDeps, request: StreamQuotesRequest, { signal }: CallContext) {
  const symbols = [...new Set(askedSymbols(deps.catalogue, request.symbols))];
  readResume(request);
  requireBuilt(deps);
  yield* serveSymbolStream(deps, request, {
    schema: StreamQuotesResponseSchema,
    symbols,
    symbolsMax,
    signal,
    open: quoteSource(deps.view, symbols),
  });
}
