import { createHash } from 'node:crypto';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { FollowRequest, FollowResponseSchema } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { invalidArgument, unimplemented } from '#platform/errors/outcry-error.ts';
import { requireSameHistory } from '#platform/feed/history.ts';
import { serveFeed } from '#platform/feed/serve-feed.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { LedgerDeps } from '../deps.ts';
import { type FeedEntry, readEntriesAfter, readEntry, readHead } from '../store/read-entries.ts';
import { decodeEntry } from './messages/ledger-entry.ts';

/**
 * Every entry after a sequence, and then each new one, until the caller ends the stream. Rejects with FEED_HISTORY_LOST when the caller has
 * seen what the feed does not have: entries were lost since, and an empty stream would hide that.
 */
export async function* follow(
  { db, feed }: LedgerDeps,
  request: FollowRequest,
  context: CallContext,
): AsyncGenerator<MessageInitShape<typeof FollowResponseSchema>> {
  const { afterSequence } = request;
  if (afterSequence < 0n) throw invalidArgument('after_sequence', 'must not be below 0');
  const { sequence: head, epoch } = await readHead(db);
  const fingerprintAt = async (sequence: bigint) => {
    const message = await readEntry(db, sequence);
    return message && fingerprintOf(message);
  };
  await requireSameHistory(request, { epoch, head, fingerprintAt });
  const pages = serveFeed<FeedEntry>({
    readAfter: (sequence, limit) => readEntriesAfter(db, sequence, limit),
    sequenceOf: ({ sequence }) => sequence,
    wake: feed.notifier,
    afterSequence,
    signal: context.signal,
  });
  for await (const { entries, headSequence } of pages) {
    const decoded = entries.map(decodeEntry);
    const unread = request.readsAdjustments ? -1 : decoded.findIndex(({ entry }) => entry.case === 'accountAdjusted');
    const readable = unread === -1 ? entries.length : unread;
    const last = entries[readable - 1];
    const fingerprint = last && fingerprintOf(last.message);
    if (unread !== 0) yield { entries: decoded.slice(0, readable), headSequence, epoch, fingerprint };
    // A follower of an older release would halt for good; this it takes for a server that is being replaced, and asks again.
    if (unread !== -1) throw unimplemented('the next entry is an adjustment, which the follower does not read');
  }
}

// An entry has the time at which it was booked, and the ids of what it books: another history has another one at its place, also where
// the same trades are settled again.
function fingerprintOf(message: Uint8Array): string {
  return createHash('sha256').update(message).digest('hex').slice(0, 16);
}
