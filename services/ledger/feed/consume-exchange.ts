/** Settles what trades and ends on the exchange: one consumer for the feed of each shard. */
import type { ExchangeFeedService, FeedEvent } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { type ConsumeFeedOptions, consumeFeed, type FeedPage, type GroupOptions } from '#platform/feed/consume-feed.ts';
import type { FollowedPosition } from '#platform/feed/history.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import { exchangeFeedOf } from '../domain/exchange-event.ts';
import { publishSettlementHalted } from '../events/published.ts';
import { type SettleOptions, settleEvents } from './settle-events.ts';
import { isRelevant } from './to-exchange-event.ts';

type SettlementOptions = ConsumeFeedOptions<FeedEvent, number>;
type ExchangeFeed = Pick<RpcClient<typeof ExchangeFeedService>, 'follow'>;

// What moves money is settled at once, with what came meanwhile; the position alone is stored now and then.
const group: GroupOptions<FeedEvent> = { delayMs: 0, entriesMax: 500, isEffective: isRelevant, idleDelayMs: 1_000 };

/** What settlement of one shard works with. */
export type ConsumeExchangeOptions = SettleOptions &
  Pick<SettlementOptions, 'db' | 'holder' | 'leaseTtlMs' | 'logger' | 'metrics' | 'signal'> & {
    exchange: ExchangeFeed;
    shard: number;
  };

/**
 * Settles a shard's feed whenever this process holds the consumer's lease, until the signal aborts. Halts before an event that
 * cannot be settled, with an alarm on the bus, until an operator lifts the halt. Never rejects.
 */
export function consumeExchange(options: ConsumeExchangeOptions): Promise<void> {
  const { exchange, shard, feed, nowMs, ...common } = options;
  return consumeFeed<FeedEvent, number>({
    ...common,
    ...settlementOf({ feed, nowMs }),
    feed: exchangeFeedOf(shard),
    open: (position, signal) => readPages(exchange, { shard, ...position }, signal),
    onHalted: (tx, { sequence }) => publishSettlementHalted(tx, shard, sequence),
  });
}

/** How the events of any shard are applied. */
export function settlementOf(options: SettleOptions): Pick<SettlementOptions, 'apply' | 'group'> {
  return { apply: (tx, events) => settleEvents(tx, events, options), group };
}

async function* readPages(
  exchange: ExchangeFeed,
  request: FollowedPosition & { shard: number },
  signal: AbortSignal,
): AsyncGenerator<FeedPage<FeedEvent>> {
  for await (const { events, epoch, headSequence, fingerprint, traces } of exchange.follow(request, { signal })) {
    yield { entries: events, epoch, headSequence, fingerprint, traces };
  }
}
