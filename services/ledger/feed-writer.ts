import { createNotifier, type Notifier } from '#platform/concurrency/notifier.ts';
import type { Database, Sql } from '#platform/postgres/database.ts';
import { afterCommit } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Entry } from './domain/entry.ts';
import { appendEntries } from './store/append-entries.ts';

const channel = 'outcry_ledger_feed';

/** The writing end of the ledger's feed, and what wakes those who read it, here and in every other replica. */
export type FeedWriter = AsyncDisposable & {
  /** Appends to the feed as the last step of `tx`; returns the sequence of the first entry. */
  append(tx: Sql, entries: readonly Entry[]): Promise<bigint>;
  notifier: Notifier;
};

/** Starts to listen for what other replicas append. */
export async function createFeedWriter(options: {
  db: Database;
  logger: Logger;
  now: () => number;
}): Promise<FeedWriter> {
  const { db, logger, now } = options;
  const notifier = createNotifier();
  const listening = await db.listen(channel, () => notifier.notify());
  const announce = createAnnouncer(db, logger);
  return {
    notifier,
    async append(tx, entries) {
      afterCommit(tx, () => {
        notifier.notify();
        announce();
      });
      return appendEntries(tx, entries, now());
    },
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}

/** Sends NOTIFY outside of the transactions that it tells of, as it would make their commits queue up; one at a time. */
function createAnnouncer(db: Database, logger: Logger): () => void {
  let sending = false;
  let again = false;
  const send = async () => {
    sending = true;
    do {
      again = false;
      // A lost one costs the other replicas' followers a heartbeat's wait.
      await db.query(`NOTIFY ${channel}`).catch((error) => logger.debug({ error }, 'the feed was not announced'));
    } while (again);
    sending = false;
  };
  return () => {
    if (sending) again = true;
    else void send();
  };
}
