/** Applies one shard's feed of the exchange to the view of this replica. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { ExchangeFeedService, FollowResponse } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { followFeed } from '#platform/feed/follow-feed.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { FeedBrokenError, type MarketView } from '../view/market-view.ts';

/** Which shard to follow into which view. */
export type FollowExchangeOptions = {
  feed: Pick<RpcClient<typeof ExchangeFeedService>, 'follow' | 'getBooks'>;
  shard: number;
  view: MarketView;
  /** Runs after each snapshot, before the first event on top of it. */
  onRebuilt: () => Promise<void>;
  signal: AbortSignal;
  logger: Logger;
  metrics: Metrics;
};

/**
 * Follows until the signal aborts. After a lost connection it continues at the view's position; after a gap, another epoch or a position
 * that the exchange does not have it begins with a new snapshot. While the exchange is unavailable nothing changes.
 */
export async function followExchange(options: FollowExchangeOptions): Promise<void> {
  const { feed, shard, view, onRebuilt, signal, logger, metrics } = options;
  await followFeed<FollowResponse>({
    name: `exchange.${shard} view`,
    loadPosition: async () => {
      const head = view.head(shard);
      if (head !== undefined) return head.sequence;
      const books = await feed.getBooks({ shard }, { signal });
      view.rebuild(shard, books);
      await onRebuilt();
      return books.sequence;
    },
    open: (afterSequence, streamSignal) => rebuildWhenUnknown(options, afterSequence, streamSignal),
    apply: async (message) => {
      try {
        view.apply(shard, message);
      } catch (error) {
        if (error instanceof FeedBrokenError) view.forget(shard);
        throw error;
      }
    },
    signal,
    logger,
    metrics,
  });
}

const forgottenAfter = new Set<ErrorReason>([ErrorReason.FEED_POSITION_UNKNOWN, ErrorReason.FEED_HISTORY_LOST]);

async function* rebuildWhenUnknown(
  { feed, shard, view }: FollowExchangeOptions,
  afterSequence: bigint,
  signal: AbortSignal,
): AsyncGenerator<FollowResponse> {
  try {
    yield* feed.follow({ shard, afterSequence }, { signal });
  } catch (error) {
    if (error instanceof OutcryError && forgottenAfter.has(error.reason)) view.forget(shard);
    throw error;
  }
}
