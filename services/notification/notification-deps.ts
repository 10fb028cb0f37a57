/** What the parts of the notification service work with. */
import type { Notifier } from '#platform/concurrency/notifier.ts';
import type { Database } from '#platform/postgres/sql.ts';

/** Made once by the server; tests may replace the clock. */
export type NotificationDeps = {
  db: Database;
  /** Told when an e-mail was queued. */
  notifier: Notifier;
  /** Unix milliseconds. */
  now: () => number;
};
