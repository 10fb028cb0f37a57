import type { ListCandlesRequest } from '#gen/outcry/market/v1/market_pb.ts';
import { readCount } from '#platform/validation/request-fields.ts';
import type { MarketDeps } from '../deps.ts';
import type { Candle } from '../domain/candle.ts';
import { multipleMax, nextStart, type Span, spanMs } from '../domain/span.ts';
import type { TimeRange } from '../domain/time-range.ts';
import { readCandles } from '../store/read-candles.ts';
import { readCombinedCandles } from '../store/read-combined-candles.ts';
import { listBySymbol, pageRowsMax } from './lists/by-symbol.ts';
import { candleMessageOf } from './messages/market-messages.ts';
import { requireInstrument, requireInterval } from './request-fields.ts';

/** Stored candles from which a page is combined. */
const combinedRowsMax = 10_000;

/** Candles of one length, by symbol and start, from the database. */
export async function listCandles({ db, catalogue }: MarketDeps, request: ListCandlesRequest) {
  const { oldestFirst } = request;
  const span = readSpan(request);
  const { interval, multiple } = span;
  const { rows, nextPageToken } = await listBySymbol<Candle, TimeRange>(catalogue, request, {
    name: `candles ${multiple} x ${interval}`,
    sizeDefault: 100,
    sizeMax: Math.min(pageRowsMax, Math.floor(combinedRowsMax / multiple)),
    placeForm: /\d{1,15}/,
    placeOf: ({ startMs }) => String(startMs),
    partAfter(range, place) {
      // A candle's first interval begins in the range, its last one perhaps after it.
      const whole = { fromMs: nextStart(span, range.fromMs), untilMs: nextStart(span, range.untilMs) };
      if (place === undefined) return whole;
      const startMs = Number(place);
      return oldestFirst ? { ...whole, fromMs: startMs + spanMs(span) } : { ...whole, untilMs: startMs };
    },
    read(symbols, range, limit) {
      const query = { symbols, ...range, interval, oldestFirst, limit };
      return multiple === 1 ? readCandles(db, query) : readCombinedCandles(db, { ...query, multiple });
    },
  });
  const termsOf = (symbol: string) => requireInstrument(catalogue, symbol);
  return { candles: rows.map((candle) => candleMessageOf(candle, termsOf(candle.symbol), multiple)), nextPageToken };
}

function readSpan(request: ListCandlesRequest): Span {
  const interval = requireInterval(request.interval);
  return { interval, multiple: readCount('multiple', request.multiple, { fallback: 1, max: multipleMax[interval] }) };
}
