import type { ListCandlesRequest } from '#gen/outcry/market/v1/market_pb.ts';
import type { MarketDeps } from '../market-deps.ts';
import { decodeNumberToken, encodePageToken } from '../page-token.ts';
import { requireCount, requireInstrument, requireInterval } from '../requests.ts';
import { readCandles } from '../store/read-candles.ts';
import { candleMessageOf } from '../view/messages.ts';

/** Candles of one symbol, newest first, from the database. */
export function listCandles({ db, catalogue }: MarketDeps) {
  return async (request: ListCandlesRequest) => {
    const { symbol, pageSize, pageToken } = request;
    const limit = requireCount('page_size', pageSize, { fallback: 100, max: 500 });
    const interval = requireInterval(request.interval);
    const terms = requireInstrument(catalogue, symbol);
    const list = `candles ${symbol} ${interval}`;
    const before = decodeNumberToken(list, pageToken);
    const beforeMs = before === undefined ? undefined : Number(before);
    const found = await readCandles(db, { symbol, interval, beforeMs, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      candles: page.map((candle) => candleMessageOf(candle, terms)),
      nextPageToken: last !== undefined && found.length > limit ? encodePageToken(list, String(last.startMs)) : '',
    };
  };
}
