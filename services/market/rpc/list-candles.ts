import type { ListCandlesRequest } from '#gen/outcry/market/v1/market_pb.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import { numberCursor } from '#platform/paging/token.ts';
import type { MarketDeps } from '../deps.ts';
import { readCandles } from '../store/read-candles.ts';
import { candleMessageOf } from './messages/market-messages.ts';
import { requireInstrument, requireInterval } from './request-fields.ts';

/** Candles of one symbol, newest first, from the database. */
export async function listCandles({ db, catalogue }: MarketDeps, request: ListCandlesRequest) {
  const { symbol } = request;
  const interval = requireInterval(request.interval);
  const terms = requireInstrument(catalogue, symbol);
  const list = `candles ${symbol} ${interval}`;
  const { cursor, limit } = readPage(request, { list, cursor: numberCursor, sizeDefault: 100, sizeMax: 500 });
  const beforeMs = cursor === undefined ? undefined : Number(cursor);
  const found = await readCandles(db, { symbol, interval, beforeMs, limit: limit + 1 });
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ startMs }) => String(startMs) });
  return { candles: rows.map((candle) => candleMessageOf(candle, terms)), nextPageToken };
}
