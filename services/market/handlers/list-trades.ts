import type { ListTradesRequest } from '#gen/outcry/market/v1/market_pb.ts';
import type { MarketDeps } from '../market-deps.ts';
import { decodeNumberToken, encodePageToken } from '../page-token.ts';
import { requireCount, requireInstrument } from '../requests.ts';
import { readTrades } from '../store/read-trades.ts';
import { tradeOf } from '../view/messages.ts';

/** Trades of one symbol, newest first, from the database. */
export function listTrades({ db, catalogue }: MarketDeps) {
  return async ({ symbol, pageSize, pageToken }: ListTradesRequest) => {
    const limit = requireCount('page_size', pageSize, { fallback: 50, max: 500 });
    const terms = requireInstrument(catalogue, symbol);
    const list = `trades ${symbol}`;
    const beforeId = decodeNumberToken(list, pageToken);
    const found = await readTrades(db, { symbol, beforeId, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      trades: page.map((trade) => tradeOf(trade, terms)),
      nextPageToken: last !== undefined && found.length > limit ? encodePageToken(list, String(last.id)) : '',
    };
  };
}
