import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { FollowRequest } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { outOfRange } from '#platform/errors/outcry-error.ts';
import { requireSameHistory } from '#platform/feed/history.ts';
import { serveFeed } from '#platform/feed/serve-feed.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { EncodedMessage } from '#platform/rpc/implementation.ts';
import type { ExchangeDeps } from '../deps.ts';
import { replicaOf } from '../replication/find-term.ts';

/**
 * Streams all events after a sequence, then live ones, as the protobuf bytes of the journal. Ends without an error when the shard is no
 * longer served here, or may be served elsewhere by now: the follower resumes after the last event. Rejects with OUT_OF_RANGE when the
 * sequence is before the first event that is kept, and when the follower has seen what the feed does not have.
 */
export async function* follow(
  deps: ExchangeDeps,
  request: FollowRequest,
  context: CallContext,
): AsyncGenerator<EncodedMessage, void, undefined> {
  const { afterSequence } = request;
  const replica = replicaOf(deps, request.shard);
  const term = replica.term();
  const { feed } = term;
  if (afterSequence < BigInt(feed.start)) {
    const range = { head: String(feed.head), start: String(feed.start) };
    throw outOfRange(ErrorReason.FEED_POSITION_UNKNOWN, 'the feed has no such sequence', range);
  }
  const fingerprintAt = (sequence: bigint) => feed.fingerprintAt(Number(sequence));
  await requireSameHistory(request, { epoch: term.epoch, head: BigInt(feed.head), fingerprintAt });
  const pages = serveFeed({
    readAfter: async (sequence) => {
      const page = await feed.readAfter(Number(sequence));
      return page ? [page] : [];
    },
    sequenceOf: ({ lastSequence }) => BigInt(lastSequence),
    wake: feed.wake,
    afterSequence,
    signal: AbortSignal.any([context.signal, term.signal]),
  });
  feed.followerCount++;
  try {
    for await (const { entries } of pages) {
      const [page] = entries;
      // What is in a page was committed. A heartbeat says that there is nothing more, which only the holder of the lease knows.
      if (!page && !replica.holdsLease()) return;
      yield page?.message ?? feed.heartbeat();
    }
  } finally {
    feed.followerCount--;
  }
}
