import type { FollowResponse } from '#gen/outcry/exchange/v1/feed_pb.ts';
import type { CallOptions } from '#platform/rpc/call-options.ts';
import type { OrderEvent } from '../domain/exchange-event.ts';
import { toOrderEvent } from '../rpc/messages/feed-event.ts';

/** The exchange's feed. */
export type ExchangeFeed = {
  follow(request: { shard: number; afterSequence: bigint }, options: CallOptions): AsyncIterable<FollowResponse>;
  /** States up to where the audit needs the journal no more. */
  confirm(request: { shard: number; follower: string; sequence: bigint }, options: CallOptions): Promise<unknown>;
};

/** Events of a shard up to a position; the epoch of the feed that they are of. */
export type EventPage = { events: OrderEvent[]; last: bigint; epoch: string };

/** The feed has a gap, or ends before what others have applied of it. */
export class FeedDamagedError extends Error {
  override name = 'FeedDamagedError';
}

/** The events of a shard's feed after one position up to another, in order, a page at a time. Throws FeedDamagedError. */
export async function* readEvents(
  feed: ExchangeFeed,
  { shard, after, upTo }: { shard: number; after: bigint; upTo: bigint },
  options: CallOptions,
): AsyncGenerator<EventPage, void, undefined> {
  let last = after;
  if (last >= upTo) return;
  for await (const { events, headSequence, epoch } of feed.follow({ shard, afterSequence: after }, options)) {
    if (events.length === 0 && headSequence < upTo) {
      throw new FeedDamagedError(`the feed of shard ${shard} ends at ${headSequence}, before ${upTo}`);
    }
    const page: OrderEvent[] = [];
    for (const event of events) {
      if (event.sequence > upTo) break;
      if (event.sequence !== last + 1n)
        throw new FeedDamagedError(`event ${event.sequence} of shard ${shard} follows ${last}`);
      last = event.sequence;
      const known = toOrderEvent(event);
      if (known !== undefined) page.push(known);
    }
    yield { events: page, last, epoch };
    if (last >= upTo) return;
  }
}
