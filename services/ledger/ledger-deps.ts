import type { Database } from '#platform/postgres/database.ts';
import type { AccountDirectory } from './accounts/account-directory.ts';
import type { Auditor } from './audit/auditor.ts';
import type { FeedWriter } from './feed-writer.ts';
import type { HoldDesk } from './holds/hold-desk.ts';
import type { TransferDesk } from './transfers/transfer-desk.ts';

/** What the handlers work with. */
export type LedgerDeps = {
  db: Database;
  feed: FeedWriter;
  accounts: AccountDirectory;
  holds: HoldDesk;
  transfers: TransferDesk;
  audit: Auditor;
  /** Unix milliseconds. */
  now: () => number;
};
