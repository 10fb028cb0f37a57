import type { Database } from '#platform/postgres/database.ts';
import type { Auditor } from './audit/auditor.ts';
import type { AccountDirectory } from './clients/account-directory.ts';
import type { FeedWriter } from './events/feed-writer.ts';
import type { HoldDesk } from './holds/hold-batcher.ts';
import type { TransferDesk } from './transfers/transfer-service.ts';

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
