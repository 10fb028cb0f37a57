import { create, toBinary } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { FollowRequest } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { FollowResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { outOfRange } from '#platform/errors/outcry-error.ts';
import { serveFeed } from '#platform/feed/serve-feed.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { EncodedMessage } from '#platform/rpc/implementation.ts';
import type { ExchangeDeps } from '../exchange-deps.ts';
import { termOf } from '../exchange-deps.ts';
import type { Term } from '../shard/term.ts';

/**
 * Sends all events after a sequence, then live ones. The journal holds the events as protobuf, so they are sent as they lie there.
 * Ends, without an error, when the shard is served here no more: the follower begins again where it stopped. Rejects with OUT_OF_RANGE when the sequence is past the head.
 */
export async function* follow(
  deps: ExchangeDeps,
  { shard, afterSequence }: FollowRequest,
  context: CallContext,
): AsyncGenerator<EncodedMessage, void, undefined> {
  const term = termOf(deps, shard);
  const { feed } = term;
  if (afterSequence < 0n || afterSequence > BigInt(feed.head)) {
    throw outOfRange(ErrorReason.FEED_POSITION_UNKNOWN, 'the feed has no such sequence', { head: String(feed.head) });
  }
  const pages = serveFeed({
    readAfter: (sequence) => feed.readAfter(Number(sequence)),
    sequenceOf: ({ lastSequence }) => BigInt(lastSequence),
    wake: feed.wake,
    afterSequence,
    signal: AbortSignal.any([context.signal, term.signal]),
  });
  feed.followerCount++;
  try {
    for await (const { entries } of pages) yield encode(term, entries);
  } finally {
    feed.followerCount--;
  }
}

// Protobuf messages are joined by joining their bytes.
function encode(term: Term, segments: { bytes: Uint8Array }[]): EncodedMessage {
  const { feed, epoch } = term;
  const rest = toBinary(FollowResponseSchema, create(FollowResponseSchema, { headSequence: BigInt(feed.head), epoch }));
  return new EncodedMessage(Buffer.concat([...segments.map(({ bytes }) => bytes), rest]));
}
