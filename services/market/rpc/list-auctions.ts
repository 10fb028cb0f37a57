import type { ListAuctionsRequest } from '#gen/outcry/market/v1/market_pb.ts';
import type { MarketDeps } from '../deps.ts';
import { type ListedAuction, readAuctions } from '../store/read-auctions.ts';
import type { TradeRange } from '../store/read-trades.ts';
import { listBySymbol, pageRowsMax } from './lists/by-symbol.ts';
import { pagedByTime } from './lists/by-time.ts';
import { auctionMessageOf } from './messages/auction-message.ts';
import { requireInstrument } from './request-fields.ts';

/** Auctions by symbol and time, from the database. */
export async function listAuctions({ db, catalogue }: MarketDeps, request: ListAuctionsRequest) {
  const { oldestFirst } = request;
  const { rows, nextPageToken } = await listBySymbol<ListedAuction, TradeRange>(catalogue, request, {
    name: 'auctions',
    sizeDefault: 50,
    sizeMax: pageRowsMax,
    ...pagedByTime<ListedAuction>(oldestFirst),
    read: (symbols, range, limit) => readAuctions(db, { symbols, ...range, oldestFirst, limit }),
  });
  const termsOf = (symbol: string) => requireInstrument(catalogue, symbol);
  return { auctions: rows.map((auction) => auctionMessageOf(auction, termsOf(auction.symbol))), nextPageToken };
}
