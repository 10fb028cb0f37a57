import { type StreamCandlesRequest, StreamCandlesResponseSchema } from '#gen/outcry/market/v1/market_pb.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import type { MarketDeps } from '../deps.ts';
import { readListedSymbols } from './lists/by-symbol.ts';
import { requireBuilt, requireInterval, symbolsMax } from './request-fields.ts';
import { candleSource } from './streams/candle-source.ts';
import { readResume, serveSymbolStream } from './streams/symbol-stream.ts';

/** Ten candles of each symbol a second at most. */
const pauseOfSymbolMs = 100;

/** The running candles whenever one changes. */
export async function* streamCandles(deps: MarketDeps, request: StreamCandlesRequest, { signal }: CallContext) {
  const interval = requireInterval(request.interval);
  const symbols = readListedSymbols(deps.catalogue, request);
  const positions = readResume(request);
  requireBuilt(deps);
  yield* serveSymbolStream(deps, request, {
    schema: StreamCandlesResponseSchema,
    symbols,
    symbolsMax,
    pauseMs: pauseOfSymbolMs / symbols.length,
    signal,
    open: candleSource(deps.view, { symbols, interval, positions }),
  });
}
