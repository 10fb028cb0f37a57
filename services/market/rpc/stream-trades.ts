import { type StreamTradesRequest, StreamTradesResponseSchema } from '#gen/outcry/market/v1/market_pb.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import { serveStream } from '#platform/stream/serve-stream.ts';
import type { MarketDeps } from '../deps.ts';
import { encode } from './messages/market-messages.ts';
import { askedSymbols, requireBuilt } from './request-fields.ts';
import { positionOf } from './streams/encoded.ts';
import { tradeSource } from './streams/trade-source.ts';

/** Trades as they happen; a slow reader gets the number that it missed. */
export async function* streamTrades(deps: MarketDeps, request: StreamTradesRequest, { signal }: CallContext) {
  const { view } = deps;
  const symbols = [...new Set(askedSymbols(deps.catalogue, request.symbols))];
  requireBuilt(deps);
  const position = () => positionOf(view, symbols[0]);
  yield* serveStream(tradeSource(view, symbols), {
    ...deps.streamTimes,
    signal,
    heartbeat: () => encode(StreamTradesResponseSchema, { ...position(), message: { case: 'heartbeat', value: {} } }),
    end: () => encode(StreamTradesResponseSchema, { ...position(), message: { case: 'end', value: {} } }),
  });
}
