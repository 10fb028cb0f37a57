import type { MessageInitShape } from '@bufbuild/protobuf';
import type { BookLevelSchema, GetBooksRequest, GetBooksResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import type { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { ExchangeDeps } from '../exchange-deps.ts';
import { termOf } from '../exchange-deps.ts';
import type { ViewBook, ViewLevel } from '../shard/book-view.ts';

/** The public books at the last commit. */
export async function getBooks(
  deps: ExchangeDeps,
  { shard }: GetBooksRequest,
): Promise<MessageInitShape<typeof GetBooksResponseSchema>> {
  const { view, epoch } = termOf(deps, shard);
  return { sequence: BigInt(view.sequence), epoch, books: view.books.map(toBook) };
}

function toBook({ listing, state, lastPriceTicks, bids, asks }: ViewBook) {
  return {
    listing: { ...listing, referencePriceTicks: BigInt(listing.referencePriceTicks) },
    state: state as TradingState,
    lastPriceTicks: BigInt(lastPriceTicks),
    bids: toLevels(bids, -1),
    asks: toLevels(asks, 1),
  };
}

function toLevels(levels: Map<number, ViewLevel>, sign: 1 | -1): MessageInitShape<typeof BookLevelSchema>[] {
  return [...levels.values()]
    .sort((a, b) => sign * (a.priceTicks - b.priceTicks))
    .map(({ priceTicks, quantityLots, orderCount }) => ({
      priceTicks: BigInt(priceTicks),
      quantityLots: BigInt(quantityLots),
      orderCount,
    }));
}
