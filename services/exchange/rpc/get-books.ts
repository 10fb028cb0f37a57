import type { MessageInitShape } from '@bufbuild/protobuf';
import type { BookLevelSchema, GetBooksRequest, GetBooksResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import type { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { ViewBook, ViewLevel } from '../replication/book-view.ts';
import { type ExchangeDeps, termOf } from '../replication/exchange-deps.ts';

/** Most levels of an answer, all books together; one takes 24 bytes at most, so that they fit the greatest message twice over. */
export const levelsMax = 150_000;

/**
 * The public books at the last commit. Where all levels together are more than `levelsMax`, the longest sides lose their worst
 * prices first.
 */
export async function getBooks(
  deps: ExchangeDeps,
  { shard }: GetBooksRequest,
): Promise<MessageInitShape<typeof GetBooksResponseSchema>> {
  const { view, epoch } = termOf(deps, shard);
  const sideMax = longestSide(
    view.books.flatMap(({ bids, asks }) => [bids.size, asks.size]),
    levelsMax,
  );
  return { sequence: BigInt(view.sequence), epoch, books: view.books.map((book) => toBook(book, sideMax)) };
}

/** The greatest length to which all sides must be cut so that they sum up to `total` at most; Infinity when they do as they are. */
export function longestSide(lengths: readonly number[], total: number): number {
  let rest = total;
  const ascending = [...lengths].sort((a, b) => a - b);
  for (const [i, length] of ascending.entries()) {
    const share = Math.floor(rest / (ascending.length - i));
    if (length > share) return share;
    rest -= length;
  }
  return Number.POSITIVE_INFINITY;
}

function toBook({ listing, state, lastPriceTicks, checksum, bids, asks }: ViewBook, sideMax: number) {
  return {
    listing: { ...listing, referencePriceTicks: BigInt(listing.referencePriceTicks) },
    state: state as TradingState,
    lastPriceTicks: BigInt(lastPriceTicks),
    bids: toLevels(bids, -1, sideMax),
    asks: toLevels(asks, 1, sideMax),
    checksum,
  };
}

function toLevels(
  levels: Map<number, ViewLevel>,
  sign: 1 | -1,
  lengthMax: number,
): MessageInitShape<typeof BookLevelSchema>[] {
  return [...levels.values()]
    .sort((a, b) => sign * (a.priceTicks - b.priceTicks))
    .slice(0, lengthMax)
    .map(({ priceTicks, quantityLots, orderCount }) => ({
      priceTicks: BigInt(priceTicks),
      quantityLots: BigInt(quantityLots),
      orderCount,
    }));
}
