import type { ListCandlesRequest } from '#gen/outcry/market/v1/market_pb.ts';
import type { TimeRange } from '#platform/validation/time-range.ts';
import type { MarketDeps } from '../deps.ts';
import type { Candle } from '../domain/candle.ts';
import { readCandles } from '../store/read-candles.ts';
import { listBySymbol } from './lists/by-symbol.ts';
import { candleMessageOf } from './messages/market-messages.ts';
import { requireInstrument, requireInterval } from './request-fields.ts';

/** Candles of one length, by symbol and start, from the database. */
export async function listCandles({ db, catalogue }: MarketDeps, request: ListCandlesRequest) {
  const { oldestFirst } = request;
  const interval = requireInterval(request.interval);
  const { rows, nextPageToken } = await listBySymbol<Candle, TimeRange>(catalogue, request, {
    name: `candles ${interval}`,
    sizeDefault: 100,
    placeForm: /\d{1,15}/,
    placeOf: ({ startMs }) => String(startMs),
    partAfter(range, place) {
      if (place === undefined) return range;
      const startMs = Number(place);
      return oldestFirst ? { ...range, fromMs: startMs + 1 } : { ...range, untilMs: startMs };
    },
    read: (symbols, range, limit) => readCandles(db, { symbols, ...range, interval, oldestFirst, limit }),
  });
  const termsOf = (symbol: string) => requireInstrument(catalogue, symbol);
  return { candles: rows.map((candle) => candleMessageOf(candle, termsOf(candle.symbol))), nextPageToken };
}
