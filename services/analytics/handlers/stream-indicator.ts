import { type StreamIndicatorRequest, StreamIndicatorResponseSchema } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import { serveStream } from '#platform/stream/serve-stream.ts';
import type { AnalyticsDeps } from '../analytics-deps.ts';
import { encode } from '../messages.ts';
import { parseIndicator } from '../request-fields.ts';
import { indicatorSource } from '../streams/indicator-source.ts';

/** Ten values a second at most. */
const pauseMs = 100;

/** The newest value of one indicator whenever its candle changes. */
export function streamIndicator({ series, streamTimes }: AnalyticsDeps) {
  return async function* (request: StreamIndicatorRequest, { signal }: CallContext) {
    const query = parseIndicator(request);
    const found = await series.get(query.symbol, query.interval);
    const told = (message: { case: 'heartbeat' | 'end'; value: object }) =>
      encode(StreamIndicatorResponseSchema, { ...found.position, message });
    yield* serveStream(indicatorSource(found, query), {
      ...streamTimes,
      pauseMs,
      signal,
      heartbeat: () => told({ case: 'heartbeat', value: {} }),
      end: () => told({ case: 'end', value: {} }),
    });
  };
}
