import type { Notifier } from '#platform/concurrency/notifier.ts';
import type { Database } from '#platform/postgres/sql.ts';

/** What notification is made of. */
export type NotificationDeps = {
  db: Database;
  /** Notified when an e-mail is queued. */
  notifier: Notifier;
  /** Unix milliseconds. */
  nowMs: () => number;
};
