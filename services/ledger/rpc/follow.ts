import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { FollowRequest, FollowResponseSchema, LedgerEntry } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { invalidArgument, outOfRange } from '#platform/errors/outcry-error.ts';
import { serveFeed } from '#platform/feed/serve-feed.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { LedgerDeps } from '../deps.ts';
import { readEntriesAfter, readHeadSequence } from '../store/read-entries.ts';
import { decodeEntry } from './messages/ledger-entry.ts';

/** Every entry after a sequence, and then each new one, until the caller ends the stream. */
export async function* follow(
  { db, feed }: LedgerDeps,
  { afterSequence }: FollowRequest,
  context: CallContext,
): AsyncGenerator<MessageInitShape<typeof FollowResponseSchema>> {
  if (afterSequence < 0n) throw invalidArgument('after_sequence', 'must not be below 0');
  // A consumer that is ahead of the ledger has applied entries that were lost since; an empty stream would hide that.
  if (afterSequence > (await readHeadSequence(db))) {
    throw outOfRange(ErrorReason.FEED_POSITION_UNKNOWN, 'the position lies past the head of the feed');
  }
  yield* serveFeed<LedgerEntry>({
    readAfter: async (sequence, limit) => (await readEntriesAfter(db, sequence, limit)).map(decodeEntry),
    sequenceOf: ({ sequence }) => sequence,
    wake: feed.notifier,
    afterSequence,
    signal: context.signal,
  });
}
