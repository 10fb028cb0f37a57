import { create } from '@bufbuild/protobuf';
import { type FollowPricesRequest, FollowPricesResponseSchema } from '#gen/outcry/market/v1/internal_pb.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import { serveStream } from '#platform/stream/serve-stream.ts';
import type { MarketDeps } from '../deps.ts';
import { requireBuilt } from './request-fields.ts';
import { priceSource } from './streams/price-source.ts';

/** Twenty messages a second at most: an order is priced with prices that are as old as that and the way here. */
const pauseMs = 50;
/** Silence after which a reader that hears nothing may take the stream for dead three times as early as it gives prices up. */
const heartbeatMsMax = 1_000;

/** The terms and prices of all books in ticks, then what changes. */
export async function* followPrices(deps: MarketDeps, _request: FollowPricesRequest, { signal }: CallContext) {
  const { view, catalogue, streamTimes } = deps;
  requireBuilt(deps);
  const heartbeat = () => create(FollowPricesResponseSchema, { complete: true });
  yield* serveStream(priceSource(view, catalogue), {
    ...streamTimes,
    heartbeatMs: Math.min(streamTimes.heartbeatMs, heartbeatMsMax),
    pauseMs,
    signal,
    heartbeat,
    end: heartbeat,
  });
}
