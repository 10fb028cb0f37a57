import type { DeadLetters } from '#platform/bus/bus.ts';
import type { GrownLists } from '#platform/concurrency/grown-lists.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { DueTime } from './jobs/due-time.ts';
import type { MailTraces } from './jobs/mail-traces.ts';

/** What the handling of facts works with. */
export type FactDeps = {
  db: Database;
  /** When the next e-mail is due. */
  dueMails: Pick<DueTime, 'expect'>;
  /** People whose messages have become more. */
  grownBoxes: GrownLists;
  /** Absent: mails are part of no trace. */
  mailTraces?: Pick<MailTraces, 'add'>;
  /** Unix milliseconds. */
  nowMs: () => number;
};

/** What notification is made of. */
export type NotificationDeps = FactDeps & {
  /** The events of the bus that consumers of any service failed to handle. */
  deadLetters: DeadLetters;
};
