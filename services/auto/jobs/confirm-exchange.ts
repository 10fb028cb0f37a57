import type { ExchangeFeedService } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { type ConfirmFeedOptions, confirmFeed } from '#platform/feed/confirm-feed.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import { needs } from '../needs.ts';
import { exchangeFeed } from '../store/feed-position.ts';

/** What to confirm where, and until when. */
export type ConfirmExchangeOptions = Omit<ConfirmFeedOptions, 'feed' | 'confirm'> & {
  exchange: Pick<RpcClient<typeof ExchangeFeedService>, 'confirm'>;
  shard: number;
};

/** Confirms to a shard what was judged of its feed for good, until the signal aborts: its journal may be deleted up to there. */
export function confirmExchange({ exchange, shard, ...options }: ConfirmExchangeOptions): Promise<void> {
  return confirmFeed({
    ...options,
    feed: exchangeFeed(shard),
    confirm: (sequence, signal) => exchange.confirm({ shard, follower: needs.name, sequence }, { signal }),
  });
}
