import type { FeedEvent } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { consumeFeed, type FeedPage } from '#platform/feed/consume-feed.ts';
import type { FollowedPosition } from '#platform/feed/history.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { OrderDeps } from '../deps.ts';
import { sendCancel } from '../saga/cancel-order.ts';
import { exchangeFeedName } from '../store/change-watch.ts';
import { type AppliedEvents, applyEvents, type UnexpectedEvent } from './apply-events.ts';

/** Which shard's feed to consume, and as which replica. */
export type ConsumeExchangeOptions = {
  shard: number;
  /** Names this process among the replicas. */
  holder: string;
  /** How long a silent replica holds the lease, in ms; default 3,000. */
  leaseTtlMs?: number;
  metrics: Metrics;
  /** Aborts to stop. */
  signal: AbortSignal;
};

/**
 * Consumes the feed of a shard whenever this replica holds its lease. Orders that an event has opened, and whose cancel was requested
 * before, are cancelled after the commit. A feed that has lost its history halts the consumer, and so does an event that cannot be applied,
 * such as a split of a symbol with open orders.
 */
export function consumeExchange(deps: OrderDeps, options: ConsumeExchangeOptions): Promise<void> {
  const { shard, ...consumer } = options;
  return consumeFeed<FeedEvent, AppliedEvents>({
    ...consumer,
    db: deps.db,
    logger: deps.logger,
    feed: exchangeFeedName(shard),
    open: (position, signal) => openPages(deps, { shard, ...position }, signal),
    apply: (tx, events, position) => applyEvents(tx, { shard, events, position }),
    onCommitted: ({ toCancel, unexpected, ended }) => {
      for (const state of ended) deps.metrics.ended(state);
      for (const found of unexpected) report(deps, found);
      for (const order of toCancel) void sendCancel(deps, order);
    },
  });
}

async function* openPages(
  { exchangeFeed }: OrderDeps,
  request: FollowedPosition & { shard: number },
  signal: AbortSignal,
): AsyncGenerator<FeedPage<FeedEvent>> {
  for await (const { events, epoch, headSequence, fingerprint, traces } of exchangeFeed.follow(request, { signal })) {
    yield { entries: events, epoch, headSequence, fingerprint, traces };
  }
}

function report({ logger, metrics }: OrderDeps, { kind, change, state }: UnexpectedEvent): void {
  metrics.unexpectedEvent(kind);
  const { orderId, sequence } = change;
  logger.error({ orderId, sequence: String(sequence), change: change.kind, state }, `exchange feed: ${kind}`);
}
