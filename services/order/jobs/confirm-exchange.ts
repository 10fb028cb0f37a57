import { confirmFeed } from '#platform/feed/confirm-feed.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { OrderDeps } from '../deps.ts';
import { needs } from '../needs.ts';
import { exchangeFeedName } from '../store/change-watch.ts';

/** Which shard's feed to confirm, and until when. */
export type ConfirmExchangeOptions = { shard: number; pauseMs?: number; metrics: Metrics; signal: AbortSignal };

/** Confirms to a shard what was applied of its feed for good, until the signal aborts: its journal may be deleted up to there. */
export function confirmExchange(
  { db, exchangeFeed, logger }: Pick<OrderDeps, 'db' | 'exchangeFeed' | 'logger'>,
  { shard, ...options }: ConfirmExchangeOptions,
): Promise<void> {
  return confirmFeed({
    ...options,
    db,
    feed: exchangeFeedName(shard),
    confirm: (sequence, signal) => exchangeFeed.confirm({ shard, follower: needs.name, sequence }, { signal }),
    logger,
  });
}
