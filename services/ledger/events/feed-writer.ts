/** The writing end of the ledger's own feed. */
import { createNotifier, type Notifier } from '#platform/concurrency/notifier.ts';
import { openFeed } from '#platform/feed/position.ts';
import { afterCommit, type Database, type Sql } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Entry } from '../domain/entry.ts';
import { encodeEntry } from '../rpc/messages/ledger-entry.ts';
import { appendEntries, feedName } from '../store/append-entries.ts';
import type { Changes } from '../store/write-changes.ts';
import { createAnnouncer } from './announcer.ts';

const channel = 'outcry_ledger_feed';

/** Appends to the feed, and wakes the streams that read it, here and in every other replica. */
export type FeedWriter = AsyncDisposable & {
  /** Appends entries, with the changes that they explain, as the last step of `tx`; returns the sequence of the first. */
  append(tx: Sql, entries: readonly Entry[], changes: Changes): Promise<bigint>;
  notifier: Notifier;
};

/** Opens the feed, and starts to listen for what other replicas append. */
export async function createFeedWriter(options: {
  db: Database;
  logger: Logger;
  nowMs: () => number;
}): Promise<FeedWriter> {
  const { db, logger, nowMs } = options;
  // Its epoch must be there for a follower that comes before the first entry.
  await openFeed(db, feedName);
  const notifier = createNotifier();
  const onAnnounced = () => notifier.notify();
  const announcer = await createAnnouncer({ db, channel, onAnnounced, logger });
  return {
    notifier,
    async append(tx, entries, changes) {
      afterCommit(tx, () => {
        notifier.notify();
        announcer.announce();
      });
      const timeMs = nowMs();
      const encoded = entries.map((entry) => ({ ...entry, message: encodeEntry(entry.fact, timeMs) }));
      return appendEntries(tx, encoded, new Date(timeMs), changes);
    },
    [Symbol.asyncDispose]: () => announcer[Symbol.asyncDispose](),
  };
}
