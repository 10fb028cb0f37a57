import { type StreamDepthRequest, StreamDepthResponseSchema } from '#gen/outcry/market/v1/market_pb.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import { serveStream } from '#platform/stream/serve-stream.ts';
import type { MarketDeps } from '../market-deps.ts';
import { requireInstrument } from '../request-fields.ts';
import { depthSource } from '../streams/depth-source.ts';
import { positionOf } from '../streams/encoded.ts';
import { encode } from '../view/messages.ts';
import { requireBuilt } from './require-built.ts';
import { requireLevels } from './require-levels.ts';

/** Ten books a second at most. */
const pauseMs = 100;

/** The best levels of one book, then again after changes. */
export function streamDepth(deps: MarketDeps) {
  return async function* ({ symbol, levels }: StreamDepthRequest, { signal }: CallContext) {
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
  };
}
