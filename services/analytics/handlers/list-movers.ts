import type { ListMoversRequest } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import { unavailable } from '#platform/errors/outcry-error.ts';
import type { AnalyticsDeps } from '../analytics-deps.ts';
import { rank } from '../domain/movers.ts';
import { moverListOf } from '../messages.ts';
import { decodeOffset, encodeOffset, parseRanking, requireCount } from '../requests.ts';

/** One page of a ranking, from memory. */
export function listMovers({ board, isComplete }: AnalyticsDeps) {
  return async ({ ranking: requested, pageSize, pageToken }: ListMoversRequest) => {
    const { ranking, message } = parseRanking(requested);
    const limit = requireCount('page_size', pageSize, { fallback: 10, max: 50 });
    const offset = decodeOffset(ranking, pageToken);
    if (!isComplete()) throw unavailable();
    const found = rank(board.entries(), ranking, offset + limit + 1);
    const hasMore = found.length > offset + limit;
    return {
      list: moverListOf(found.slice(offset, offset + limit), { ranking: message, firstRank: offset + 1 }),
      nextPageToken: hasMore ? encodeOffset(ranking, offset + limit) : '',
    };
  };
}
