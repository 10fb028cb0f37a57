import { type StreamIndicatorsRequest, StreamIndicatorsResponseSchema } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import { serveStream } from '#platform/stream/serve-stream.ts';
import type { AnalyticsDeps } from '../deps.ts';
import { encode } from './messages/analytics-messages.ts';
import { parseIndicators } from './messages/request-fields.ts';
import { indicatorRowSource } from './streams/indicator-row-source.ts';

/** Ten messages a second at most. */
const pauseMs = 100;

/** The newest rows of up to three indicators, then those that change. */
export async function* streamIndicators(
  { series, streamTimes, nowMs }: AnalyticsDeps,
  request: StreamIndicatorsRequest,
  { signal }: CallContext,
) {
  const query = parseIndicators(request);
  const found = await series.get(query.symbol, query.span);
  const messageOf = (message: { case: 'heartbeat' | 'end'; value: object }) =>
    encode(StreamIndicatorsResponseSchema, { ...found.position, message });
  yield* serveStream(indicatorRowSource(found, query, nowMs), {
    ...streamTimes,
    pauseMs,
    signal,
    heartbeat: () => messageOf({ case: 'heartbeat', value: {} }),
    end: () => messageOf({ case: 'end', value: {} }),
  });
}
