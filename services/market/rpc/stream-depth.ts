import { type StreamDepthRequest, StreamDepthResponseSchema } from '#gen/outcry/market/v1/market_pb.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import { serveStream } from '#platform/stream/serve-stream.ts';
import type { MarketDeps } from '../deps.ts';
import { encode } from './messages/market-messages.ts';
import { requireBuilt, requireInstrument, requireLevels } from './request-fields.ts';
import { depthSource } from './streams/depth-source.ts';
import { positionOf } from './streams/encoded.ts';

/** Ten books a second at most. */
const pauseMs = 100;

/** The best levels of one book, then again after changes. */
export async function* streamDepth(deps: MarketDeps, { symbol, levels }: StreamDepthRequest, { signal }: CallContext) {
  const { view } = deps;
  const levelCount = requireLevels(levels);
  requireInstrument(deps.catalogue, symbol);
  requireBuilt(deps);
  const position = () => positionOf(view, symbol);
  yield* serveStream(depthSource(view, symbol, levelCount), {
    ...deps.streamTimes,
    pauseMs,
    signal,
    heartbeat: () => encode(StreamDepthResponseSchema, { ...position(), message: { case: 'heartbeat', value: {} } }),
    end: () => encode(StreamDepthResponseSchema, { ...position(), message: { case: 'end', value: {} } }),
  });
}
