import { type StreamMoversRequest, StreamMoversResponseSchema } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import { unavailable } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import { serveStream } from '#platform/stream/serve-stream.ts';
import { readCount } from '#platform/validation/request-fields.ts';
import type { AnalyticsDeps } from '../analytics-deps.ts';
import { encode } from '../messages.ts';
import { parseRanking } from '../request-fields.ts';
import { createMoverLists, moverSource } from '../streams/mover-source.ts';

/** One list a second at most. */
const pauseMs = 1_000;

/** A ranking whenever it changes. */
export function streamMovers({ board, isComplete, streamTimes }: AnalyticsDeps) {
  const lists = createMoverLists(board);
  return async function* (request: StreamMoversRequest, { signal }: CallContext) {
    const { ranking, message } = parseRanking(request.ranking);
    const length = readCount('length', request.length, { fallback: 10, max: 50 });
    if (!isComplete()) throw unavailable();
    const told = (content: { case: 'heartbeat' | 'end'; value: object }) =>
      encode(StreamMoversResponseSchema, { ...board.position(), message: content });
    yield* serveStream(moverSource(board, lists, { ranking, message, length }), {
      ...streamTimes,
      pauseMs,
      signal,
      heartbeat: () => told({ case: 'heartbeat', value: {} }),
      end: () => told({ case: 'end', value: {} }),
    });
  };
}
