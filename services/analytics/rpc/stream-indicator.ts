import { type StreamIndicatorRequest, StreamIndicatorResponseSchema } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import { serveStream } from '#platform/stream/serve-stream.ts';
import type { AnalyticsDeps } from '../deps.ts';
import { encode } from './messages/analytics-messages.ts';
import { parseIndicator } from './messages/request-fields.ts';
import { indicatorSource } from './streams/indicator-source.ts';

/** Ten values a second at most. */
const pauseMs = 100;

/** The newest value of one indicator whenever its candle changes. */
export async function* streamIndicator(
  { series, streamTimes, nowMs }: AnalyticsDeps,
  request: StreamIndicatorRequest,
  { signal }: CallContext,
) {
  const query = parseIndicator(request);
  const found = await series.get(query.symbol, query.span);
  const messageOf = (message: { case: 'heartbeat' | 'end'; value: object }) =>
    encode(StreamIndicatorResponseSchema, { ...found.position, message });
  yield* serveStream(indicatorSource(found, query, nowMs), {
    ...streamTimes,
    pauseMs,
    signal,
    heartbeat: () => messageOf({ case: 'heartbeat', value: {} }),
    end: () => messageOf({ case: 'end', value: {} }),
  });
}
