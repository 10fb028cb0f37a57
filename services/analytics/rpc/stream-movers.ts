import { type StreamMoversRequest, StreamMoversResponseSchema } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import { unavailable } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import { serveStream } from '#platform/stream/serve-stream.ts';
import { readCount } from '#platform/validation/request-fields.ts';
import type { AnalyticsDeps } from '../deps.ts';
import { encode } from './messages/analytics-messages.ts';
import { parseRanking } from './messages/request-fields.ts';
import { moverSource } from './streams/mover-source.ts';

/** One list a second at most. */
const pauseMs = 1_000;

/** A ranking whenever it changes. */
export async function* streamMovers(
  { board, moverLists, isComplete, streamTimes }: AnalyticsDeps,
  request: StreamMoversRequest,
  { signal }: CallContext,
) {
  const { ranking, message } = parseRanking(request.ranking);
  const length = readCount('length', request.length, { fallback: 10, max: 50 });
  if (!isComplete()) throw unavailable();
  const messageOf = (content: { case: 'heartbeat' | 'end'; value: object }) =>
    encode(StreamMoversResponseSchema, { ...board.position(), message: content });
  yield* serveStream(moverSource(board, moverLists, { ranking, message, length }), {
    ...streamTimes,
    pauseMs,
    signal,
    heartbeat: () => messageOf({ case: 'heartbeat', value: {} }),
    end: () => messageOf({ case: 'end', value: {} }),
  });
}
