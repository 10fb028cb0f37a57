import type { FeedWake } from '#platform/feed/wake.ts';
import type { Database } from '#platform/postgres/sql.ts';

/** What notification is made of. */
export type NotificationDeps = {
  db: Database;
  /** Notified when an e-mail is queued. */
  wake: FeedWake;
  /** Unix milliseconds. */
  nowMs: () => number;
};
