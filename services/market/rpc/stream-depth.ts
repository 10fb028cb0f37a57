import { type StreamDepthRequest, StreamDepthResponseSchema } from '#gen/outcry/market/v1/market_pb.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import type { MarketDeps } from '../deps.ts';
import { requireBuilt, requireInstrument, requireLevels } from './request-fields.ts';
import { depthSource } from './streams/depth-source.ts';
import { readResume, serveSymbolStream } from './streams/symbol-stream.ts';

/** Ten books a second at most. */
const pauseMs = 100;

/** The best levels of one book, then again after changes. */
export async function* streamDepth(deps: MarketDeps, request: StreamDepthRequest, { signal }: CallContext) {
  const { symbol } = request;
  const levelCount = requireLevels(request.levels);
  requireInstrument(deps.catalogue, symbol);
  readResume(request);
  requireBuilt(deps);
  yield* serveSymbolStream(deps, request, {
    schema: StreamDepthResponseSchema,
    symbols: [symbol],
    symbolsMax: 1,
    pauseMs,
    signal,
    open: depthSource(deps.view, symbol, levelCount),
  });
}
