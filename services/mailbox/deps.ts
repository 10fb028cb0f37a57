import type { Database } from '#platform/postgres/sql.ts';

/** What the mailbox is made of. */
export type MailboxDeps = {
  db: Database;
  /** Unix milliseconds. */
  nowMs: () => number;
};
