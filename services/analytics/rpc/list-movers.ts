import type { ListMoversRequest } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import { unavailable } from '#platform/errors/outcry-error.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { AnalyticsDeps } from '../deps.ts';
import { type Performance, rankAfter } from '../domain/movers.ts';
import { moverListOf } from './messages/analytics-messages.ts';
import { parseRanking } from './messages/request-fields.ts';

// The figures of the last one of the page before: last price, reference, volume and symbol. The place of a page follows from them, so that
// others that change their places meanwhile shift nothing.
const figuresCursor = /^\d{1,30}-\d{1,30}-\d{1,30}-[A-Z0-9.]{1,12}$/;

/** One page of a ranking, from memory. */
export async function listMovers({ board, isComplete }: AnalyticsDeps, request: ListMoversRequest) {
  const { ranking, message } = parseRanking(request.ranking);
  const list = `movers ${ranking}`;
  const { cursor, limit } = readPage(request, { list, cursor: figuresCursor, sizeDefault: 10, sizeMax: 50 });
  if (!isComplete()) throw unavailable();
  const after = cursor === undefined ? undefined : fromCursor(cursor);
  const { found, before } = rankAfter(board.entries(), ranking, after, limit + 1);
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: toCursor });
  return { list: moverListOf(rows, { ranking: message, firstRank: before + 1 }), nextPageToken };
}

// What has no price is in no ranking by prices.
function toCursor({ last = 0n, reference = 1n, volume, symbol }: Performance): string {
  return [last, reference, volume, symbol].join('-');
}

function fromCursor(cursor: string): Performance {
  const [last = '', reference = '', volume = '', symbol = ''] = cursor.split('-');
  return { last: BigInt(last), reference: BigInt(reference), volume: BigInt(volume), symbol };
}
