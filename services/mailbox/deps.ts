/** What the parts of the mailbox work with. */
import type { Database } from '#platform/postgres/sql.ts';

/** Made once by the server. */
export type MailboxDeps = {
  db: Database;
  /** Unix milliseconds. */
  now: () => number;
};
