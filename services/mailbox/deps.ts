import type { GrownLists } from '#platform/concurrency/grown-lists.ts';
import type { Database } from '#platform/postgres/sql.ts';

/** What the mailbox is made of. */
export type MailboxDeps = {
  db: Database;
  /** Addresses whose mails have become more. */
  grownBoxes: GrownLists;
  /** Unix milliseconds. */
  nowMs: () => number;
};
