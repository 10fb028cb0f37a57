import type { DeadLetters } from '#platform/bus/bus.ts';
import type { GrownLists } from '#platform/concurrency/grown-lists.ts';
import type { AccountNotices } from '#platform/postgres/account-notices.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { StreamTimes } from '#platform/stream/serve-stream.ts';
import type { StreamQuota } from '#platform/stream/stream-quota.ts';
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
  /** Notices of accounts whose messages have changed. */
  boxNotices: AccountNotices;
  streamQuota: StreamQuota;
  streamTimes: StreamTimes;
};

/** A heartbeat every 10 s, an end after 15 minutes, at most ten pages of changes a second. */
export const defaultStreamTimes: StreamTimes = { heartbeatMs: 10_000, ageMaxMs: 15 * 60_000, pauseMs: 100 };
