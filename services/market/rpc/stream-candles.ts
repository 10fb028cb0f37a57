import { type StreamCandlesRequest, StreamCandlesResponseSchema } from '#gen/outcry/market/v1/market_pb.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import { serveStream } from '#platform/stream/serve-stream.ts';
import type { MarketDeps } from '../deps.ts';
import { readListedSymbols } from './lists/by-symbol.ts';
import { encode } from './messages/market-messages.ts';
import { requireBuilt, requireInterval } from './request-fields.ts';
import { candleSource } from './streams/candle-source.ts';
import { positionOf } from './streams/encoded.ts';

/** Ten candles of each symbol a second at most. */
const pauseOfSymbolMs = 100;

/** The running candles whenever one changes. */
export async function* streamCandles(deps: MarketDeps, request: StreamCandlesRequest, { signal }: CallContext) {
  const { view } = deps;
  const interval = requireInterval(request.interval);
  const symbols = readListedSymbols(deps.catalogue, request);
  requireBuilt(deps);
  const position = () => positionOf(view, symbols[0]);
  yield* serveStream(candleSource(view, symbols, interval), {
    ...deps.streamTimes,
    pauseMs: pauseOfSymbolMs / symbols.length,
    signal,
    heartbeat: () => encode(StreamCandlesResponseSchema, { ...position(), message: { case: 'heartbeat', value: {} } }),
    end: () => encode(StreamCandlesResponseSchema, { ...position(), message: { case: 'end', value: {} } }),
  });
}
