import type { AuditInternalService } from '#gen/outcry/audit/v1/internal_pb.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { AccountDirectory } from './clients/account-directory.ts';
import type { FeedWriter } from './events/feed-writer.ts';
import type { HoldBatcher } from './holds/hold-batcher.ts';
import type { PaymentOptions } from './transfers/payment-options.ts';
import type { TransferService } from './transfers/transfer-service.ts';

/** What the ledger's handlers work with. */
export type LedgerDeps = {
  db: Database;
  feed: FeedWriter;
  accounts: AccountDirectory;
  holds: HoldBatcher;
  transfers: TransferService;
  payments: PaymentOptions;
  /** The audit, which answers for the Audit RPC. */
  audit: Pick<RpcClient<typeof AuditInternalService>, 'proveAll'>;
  /** Unix milliseconds. */
  nowMs: () => number;
};
