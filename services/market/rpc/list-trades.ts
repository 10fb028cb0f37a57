import type { ListTradesRequest } from '#gen/outcry/market/v1/market_pb.ts';
import type { MarketDeps } from '../deps.ts';
import type { TimeRange } from '../domain/time-range.ts';
import { type ListedTrade, readTrades, type TradeRange } from '../store/read-trades.ts';
import { listBySymbol, pageRowsMax } from './lists/by-symbol.ts';
import { tradeOf } from './messages/market-messages.ts';
import { requireInstrument } from './request-fields.ts';

/** Trades by symbol and time, from the database. */
export async function listTrades({ db, catalogue }: MarketDeps, request: ListTradesRequest) {
  const { oldestFirst } = request;
  const { rows, nextPageToken } = await listBySymbol<ListedTrade, TradeRange>(catalogue, request, {
    name: 'trades',
    sizeDefault: 50,
    sizeMax: pageRowsMax,
    placeForm: /\d{1,15}:\d{1,18}/,
    placeOf: ({ timeMs, id }) => `${timeMs}:${id}`,
    partAfter(range, place) {
      const whole = tradeRangeOf(range);
      if (place === undefined) return whole;
      const [time = '', id = ''] = place.split(':');
      const timeMs = Number(time);
      if (!oldestFirst) return { ...whole, until: { timeMs, id: BigInt(id) } };
      return { ...whole, from: { timeMs, id: BigInt(id) + 1n } };
    },
    read: (symbols, range, limit) => readTrades(db, { symbols, ...range, oldestFirst, limit }),
  });
  const termsOf = (symbol: string) => requireInstrument(catalogue, symbol);
  return { trades: rows.map((trade) => tradeOf(trade, termsOf(trade.symbol))), nextPageToken };
}

/** Ids begin with 1: these places are before every trade of their millisecond. */
function tradeRangeOf({ fromMs, untilMs }: TimeRange): TradeRange {
  return { from: { timeMs: fromMs, id: 0n }, until: { timeMs: untilMs, id: 0n } };
}
