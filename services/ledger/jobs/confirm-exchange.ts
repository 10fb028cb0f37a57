import type { ExchangeFeedService } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { type ConfirmFeedOptions, confirmFeed } from '#platform/feed/confirm-feed.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import { exchangeFeedOf } from '../domain/exchange-event.ts';
import { needs } from '../needs.ts';

/** What to confirm where, and until when. */
export type ConfirmExchangeOptions = Omit<ConfirmFeedOptions, 'feed' | 'confirm'> & {
  exchange: Pick<RpcClient<typeof ExchangeFeedService>, 'confirm'>;
  shard: number;
};

/**
 * Confirms to a shard what was settled of its feed for good, until the signal aborts: its journal may be deleted up to there. Portfolio does
 * not read the journal but the ledger's own feed, which is the books and is never deleted: what is settled here on disk is there for it.
 */
export function confirmExchange({ exchange, shard, ...options }: ConfirmExchangeOptions): Promise<void> {
  return confirmFeed({
    ...options,
    feed: exchangeFeedOf(shard),
    confirm: (sequence, signal) => exchange.confirm({ shard, follower: needs.name, sequence }, { signal }),
  });
}
