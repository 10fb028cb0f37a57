import type { ExchangeFeedService, GetBooksResponse } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import { pause } from '#platform/time/pause.ts';
import { LadderBook } from './ladder-book.ts';

/** The book to follow, and the callbacks. */
export type FollowBookOptions = {
  feed: Pick<RpcClient<typeof ExchangeFeedService>, 'follow' | 'getBooks'>;
  symbol: string;
  /** Called when the book or the connection has changed; `notice` describes a problem, or is empty. */
  onChange: (book: LadderBook, notice: string) => void;
  /** Called while there is no book yet, with the reason. */
  onWaiting: (notice: string) => void;
  signal: AbortSignal;
};

/** No shard has the book. */
export class UnknownBookError extends Error {
  override name = 'UnknownBookError';
}

const shardsMax = 256;
/** Time without messages after which the ladder shows a notice. */
const timeoutMs = 2_000;
const [delayMsMin, delayMsMax] = [100, 2_000];

/**
 * Follows a book until the signal aborts. After any failure (the exchange restarts, the feed breaks, a checksum differs) it continues from
 * a new snapshot. Rejects with UnknownBookError when the first snapshots of all shards lack the book.
 */
export async function followBook(options: FollowBookOptions): Promise<void> {
  const { feed, onChange, onWaiting, signal } = options;
  let book: LadderBook | undefined;
  let delayMs = delayMsMin;
  while (!signal.aborted) {
    try {
      const found = await findBook(options);
      book = found.book;
      onChange(book, '');
      for await (const { events, epoch } of feed.follow(
        { shard: found.shard, afterSequence: book.sequence },
        { signal },
      )) {
        if (epoch !== found.epoch) throw new Error('the feed has another history');
        delayMs = delayMsMin;
        if (events.filter((event) => book?.apply(event)).length > 0) onChange(book, '');
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof UnknownBookError && !book) throw error;
      const notice = `${error instanceof Error ? error.message : String(error)}: trying again`;
      if (book) onChange(book, notice);
      else onWaiting(notice);
    }
    await pause(delayMs, signal);
    delayMs = Math.min(delayMs * 2, delayMsMax);
  }
}

/** The present book and its shard. Rejects with UnknownBookError if no shard has it. */
export async function findBook({
  feed,
  symbol,
  signal,
}: Pick<FollowBookOptions, 'feed' | 'symbol' | 'signal'>): Promise<{ shard: number; epoch: string; book: LadderBook }> {
  for (let shard = 0; shard < shardsMax; shard++) {
    const answer = await booksOf(feed, shard, signal);
    if (!answer) break;
    for (const book of answer.books) {
      const { listing } = book;
      if (listing?.symbol !== symbol) continue;
      return { shard, epoch: answer.epoch, book: new LadderBook(book, listing, answer.sequence) };
    }
  }
  throw new UnknownBookError(`the exchange has no book ${symbol}`);
}

async function booksOf(
  feed: FollowBookOptions['feed'],
  shard: number,
  signal: AbortSignal,
): Promise<GetBooksResponse | undefined> {
  try {
    return await feed.getBooks({ shard }, { signal, timeoutMs });
  } catch (error) {
    // There is no such shard: all shards were tried.
    if (error instanceof OutcryError && error.code === Code.INVALID_ARGUMENT) return undefined;
    throw error;
  }
}
