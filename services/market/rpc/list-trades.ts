import type { ListTradesRequest } from '#gen/outcry/market/v1/market_pb.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import { numberCursor } from '#platform/paging/token.ts';
import type { MarketDeps } from '../deps.ts';
import { readTrades } from '../store/read-trades.ts';
import { tradeOf } from './messages/market-messages.ts';
import { requireInstrument } from './request-fields.ts';

/** Trades of one symbol, newest first, from the database. */
export async function listTrades({ db, catalogue }: MarketDeps, request: ListTradesRequest) {
  const { symbol } = request;
  const list = `trades ${symbol}`;
  const { cursor, limit } = readPage(request, { list, cursor: numberCursor, sizeMax: 500 });
  const terms = requireInstrument(catalogue, symbol);
  const beforeId = cursor === undefined ? undefined : BigInt(cursor);
  const found = await readTrades(db, { symbol, beforeId, limit: limit + 1 });
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ id }) => String(id) });
  return { trades: rows.map((trade) => tradeOf(trade, terms)), nextPageToken };
}
