import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { ConfirmRequest, ConfirmResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { invalidArgument, outOfRange } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { ExchangeDeps } from '../deps.ts';
import { needs } from '../needs.ts';
import { termOf } from '../replication/find-term.ts';
import { confirmingFollowers } from '../replication/trim-journal.ts';

/** Stores up to where a follower needs the feed no more. Rejects with OUT_OF_RANGE past the head: it has followed another history. */
export async function confirm(
  deps: ExchangeDeps,
  { shard, follower, sequence }: ConfirmRequest,
  { caller }: CallContext,
): Promise<MessageInitShape<typeof ConfirmResponseSchema>> {
  // A call that another process of the exchange forwards was checked there.
  const isOwn = caller.service === follower || caller.service === needs.name;
  if (!isOwn || !confirmingFollowers.includes(follower)) throw invalidArgument('follower', 'must be the caller');
  if (sequence < 0n) throw invalidArgument('sequence', 'must not be negative');
  const { feed, confirm: store } = termOf(deps, shard);
  const head = BigInt(feed.head);
  if (sequence > head) {
    throw outOfRange(ErrorReason.FEED_POSITION_UNKNOWN, 'the feed has no such sequence', { head: String(head) });
  }
  await store({ follower, sequence });
  return { startSequence: BigInt(feed.start) };
}
