import type { MessageInitShape } from '@bufbuild/protobuf';
import type { BookLevelSchema, GetBooksRequest, GetBooksResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import type { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { ExchangeDeps } from '../deps.ts';
import type { ViewBook, ViewLevel } from '../replication/book-view.ts';
import { termOf } from '../replication/find-term.ts';

/** Greatest number of levels in an answer, all books together; at 24 bytes each they fill at most half of the greatest message. */
export const levelsMax = 150_000;

/**
 * The public books at the last commit. If they have more than `levelsMax` levels together, the worst prices of the longest sides are
 * left out.
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

/** The greatest length to which sides are cut so that their sum is at most `total`; Infinity if no cut is needed. */
export function longestSide(lengths: readonly number[], total: number): number {
  let remaining = total;
  const ascending = [...lengths].sort((a, b) => a - b);
  for (const [i, length] of ascending.entries()) {
    const share = Math.floor(remaining / (ascending.length - i));
    if (length > share) return share;
    remaining -= length;
  }
  return Number.POSITIVE_INFINITY;
}

function toBook(book: ViewBook, sideMax: number) {
  const { listing, state, breakerDueMs, lastPriceTicks, checksum, bids, asks } = book;
  return {
    listing: { ...listing, referencePriceTicks: BigInt(listing.referencePriceTicks) },
    state: state as TradingState,
    lastPriceTicks: BigInt(lastPriceTicks),
    bids: toLevels(bids, -1, sideMax),
    asks: toLevels(asks, 1, sideMax),
    checksum,
    breakerDueTimeMs: BigInt(breakerDueMs),
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
