import type { ListMoversRequest } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import { unavailable } from '#platform/errors/outcry-error.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { AnalyticsDeps } from '../deps.ts';
import { rank } from '../domain/movers.ts';
import { moverListOf } from './messages/analytics-messages.ts';
import { parseRanking } from './messages/request-fields.ts';

// The places of the ranking before the page, 5,000 at most.
const offsetCursor = /^(?:[0-4]?\d{1,3}|5000)$/;

/** One page of a ranking, from memory. */
export async function listMovers({ board, isComplete }: AnalyticsDeps, request: ListMoversRequest) {
  const { ranking, message } = parseRanking(request.ranking);
  const list = `movers ${ranking}`;
  const { cursor = '0', limit } = readPage(request, { list, cursor: offsetCursor, sizeDefault: 10, sizeMax: 50 });
  const offset = Number(cursor);
  if (!isComplete()) throw unavailable();
  const found = rank(board.entries(), ranking, offset + limit + 1).slice(offset);
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: () => String(offset + limit) });
  return { list: moverListOf(rows, { ranking: message, firstRank: offset + 1 }), nextPageToken };
}
