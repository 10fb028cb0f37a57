import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { FollowRequest, FollowResponseSchema, LedgerEntry } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { invalidArgument, outOfRange } from '#platform/errors/outcry-error.ts';
import { serveFeed } from '#platform/feed/serve-feed.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { LedgerDeps } from '../ledger-deps.ts';
import { readEntriesAfter, readHeadSequence } from '../store/read-entries.ts';

/** Everything that is booked after a sequence, as long as the caller listens. */
export async function* follow(
  { db, feed }: LedgerDeps,
  { afterSequence }: FollowRequest,
  context: CallContext,
): AsyncGenerator<MessageInitShape<typeof FollowResponseSchema>> {
  if (afterSequence < 0n) throw invalidArgument('after_sequence', 'must not be below 0');
  // A follower that is ahead of the ledger has seen a history that was lost; going on would hide that.
  if (afterSequence > (await readHeadSequence(db))) {
    throw outOfRange(ErrorReason.FEED_POSITION_UNKNOWN, 'the position lies past the head of the feed');
  }
  yield* serveFeed<LedgerEntry>({
    readAfter: (sequence, limit) => readEntriesAfter(db, sequence, limit),
    sequenceOf: ({ sequence }) => sequence,
    wake: feed.notifier,
    afterSequence,
    signal: context.signal,
  });
}
