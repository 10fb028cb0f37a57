/** How a follower recognises that the history of a feed is still the one that it has applied. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { outOfRange } from '#platform/errors/outcry-error.ts';

/** The end of what a follower has seen of a feed: a sequence, and the name of the history up to it; 0 and empty when it has seen nothing. */
export type SeenHistory = { seenSequence: bigint; fingerprint: string };

/** Where a follower goes on, and what it has seen, as in every request to follow a feed. */
export type FollowedPosition = SeenHistory & { afterSequence: bigint };

/** What a feed knows of its own history. */
export type OwnHistory = {
  epoch: string;
  /** Sequence of the last entry. */
  head: bigint;
  /** The fingerprint of the history up to an entry; undefined when there is no such entry. */
  fingerprintAt: (sequence: bigint) => Promise<string | undefined>;
};

/**
 * Rejects with OUT_OF_RANGE FEED_HISTORY_LOST, or FEED_POSITION_UNKNOWN for a position without a fingerprint, unless the feed has all that the follower has seen. What a feed sent was committed: a follower
 * that is ahead of it, or has seen something else at the same sequence, has met a database that lost entries.
 */
export async function requireSameHistory(
  position: FollowedPosition,
  { epoch, head, fingerprintAt }: OwnHistory,
): Promise<void> {
  const { afterSequence, seenSequence, fingerprint } = position;
  const metadata = { epoch, head: String(head) };
  if (afterSequence > head || seenSequence > head) {
    // Those that send no fingerprint, of an older release or at their first start with this one, know this reason.
    const reason = fingerprint === '' ? ErrorReason.FEED_POSITION_UNKNOWN : ErrorReason.FEED_HISTORY_LOST;
    throw outOfRange(
      reason,
      `the feed ends at ${head}, before what the follower has seen: entries were lost`,
      metadata,
    );
  }
  if (fingerprint === '') return;
  const own = await fingerprintAt(seenSequence);
  if (own === fingerprint) return;
  const message = `the feed has another entry ${seenSequence} than the follower has seen: entries were lost`;
  throw outOfRange(ErrorReason.FEED_HISTORY_LOST, message, metadata);
}
