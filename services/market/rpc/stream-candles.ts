import { type StreamCandlesRequest, StreamCandlesResponseSchema } from '#gen/outcry/market/v1/market_pb.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import { serveStream } from '#platform/stream/serve-stream.ts';
import type { MarketDeps } from '../deps.ts';
import { encode } from './messages/market-messages.ts';
import { requireBuilt, requireInstrument, requireInterval } from './request-fields.ts';
import { candleSource } from './streams/candle-source.ts';
import { positionOf } from './streams/encoded.ts';

/** Ten candles a second at most. */
const pauseMs = 100;

/** The running candle whenever it changes. */
export async function* streamCandles(deps: MarketDeps, request: StreamCandlesRequest, { signal }: CallContext) {
  const { view } = deps;
  const { symbol } = request;
  const interval = requireInterval(request.interval);
  requireInstrument(deps.catalogue, symbol);
  requireBuilt(deps);
  const position = () => positionOf(view, symbol);
  yield* serveStream(candleSource(view, symbol, interval), {
    ...deps.streamTimes,
    pauseMs,
    signal,
    heartbeat: () => encode(StreamCandlesResponseSchema, { ...position(), message: { case: 'heartbeat', value: {} } }),
    end: () => encode(StreamCandlesResponseSchema, { ...position(), message: { case: 'end', value: {} } }),
  });
}
