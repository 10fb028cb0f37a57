/** The writing end of the ledger's own feed. */
import { createNotifier, type Notifier } from '#platform/concurrency/notifier.ts';
import { afterCommit, type Database, type Sql } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Entry } from '../domain/entry.ts';
import { encodeEntry } from '../rpc/messages/ledger-entry.ts';
import { appendEntries } from '../store/append-entries.ts';
import type { Changes } from '../store/write-changes.ts';

const channel = 'outcry_ledger_feed';

/** Appends to the feed, and wakes the streams that read it, here and in every other replica. */
export type FeedWriter = AsyncDisposable & {
  /** Appends entries, with the changes that they explain, as the last step of `tx`; returns the sequence of the first. */
  append(tx: Sql, entries: readonly Entry[], changes: Changes): Promise<bigint>;
  notifier: Notifier;
};

/** Starts to listen for what other replicas append. */
export async function createFeedWriter(options: {
  db: Database;
  logger: Logger;
  nowMs: () => number;
}): Promise<FeedWriter> {
  const { db, logger, nowMs } = options;
  const notifier = createNotifier();
  const listening = await db.listen(channel, () => notifier.notify());
  const announce = createAnnouncer(db, logger);
  return {
    notifier,
    async append(tx, entries, changes) {
      afterCommit(tx, () => {
        notifier.notify();
        announce();
      });
      const timeMs = nowMs();
      const encoded = entries.map((entry) => ({ ...entry, message: encodeEntry(entry.fact, timeMs) }));
      return appendEntries(tx, encoded, new Date(timeMs), changes);
    },
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}

/** Sends NOTIFY outside of the transactions that append, because inside it would make their commits queue up; one at a time. */
function createAnnouncer(db: Database, logger: Logger): () => void {
  let sending = false;
  let again = false;
  const send = async () => {
    sending = true;
    do {
      again = false;
      // When one is lost, the streams of other replicas find the entries at their next heartbeat.
      await db.query(`NOTIFY ${channel}`).catch((error) => logger.debug({ error }, 'the feed was not announced'));
    } while (again);
    sending = false;
  };
  return () => {
    if (sending) again = true;
    else void send();
  };
}
