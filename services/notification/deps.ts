import type { GrownLists } from '#platform/concurrency/grown-lists.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { DueTime } from './jobs/due-time.ts';

/** What notification is made of. */
export type NotificationDeps = {
  db: Database;
  /** When the next e-mail is due. */
  dueMails: Pick<DueTime, 'expect'>;
  /** People whose messages have become more. */
  grownBoxes: GrownLists;
  /** Unix milliseconds. */
  nowMs: () => number;
};
