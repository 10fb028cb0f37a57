import type { ListTradesRequest } from '#gen/outcry/market/v1/market_pb.ts';
import type { MarketDeps } from '../deps.ts';
import { type ListedTrade, readTrades, type TradeRange } from '../store/read-trades.ts';
import { listBySymbol, pageRowsMax } from './lists/by-symbol.ts';
import { pagedByTime } from './lists/by-time.ts';
import { tradeOf } from './messages/market-messages.ts';
import { requireInstrument } from './request-fields.ts';

/** Trades by symbol and time, from the database. */
export async function listTrades({ db, catalogue }: MarketDeps, request: ListTradesRequest) {
  const { oldestFirst } = request;
  const { rows, nextPageToken } = await listBySymbol<ListedTrade, TradeRange>(catalogue, request, {
    name: 'trades',
    sizeDefault: 50,
    sizeMax: pageRowsMax,
    ...pagedByTime<ListedTrade>(oldestFirst),
    read: (symbols, range, limit) => readTrades(db, { symbols, ...range, oldestFirst, limit }),
  });
  const termsOf = (symbol: string) => requireInstrument(catalogue, symbol);
  return { trades: rows.map((trade) => tradeOf(trade, termsOf(trade.symbol))), nextPageToken };
}
