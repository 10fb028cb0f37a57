import type { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { reconcileCopies } from '#platform/reconcile/reconcile-copies.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { toAccount } from '../rpc/messages/account.ts';
import { listAccountVersions } from '../store/list-account-versions.ts';
import { saveAccounts } from '../store/save-accounts.ts';

/** What to compare with what, and until when. */
export type ReconcileAccountsOptions = {
  db: Database;
  users: Pick<RpcClient<typeof UserInternalService>, 'batchGetConditions'>;
  signal: AbortSignal;
  logger: Logger;
  metrics: Metrics;
  passPauseMs?: number;
};

/**
 * Compares the copies of accounts with the user service once a minute, until the signal aborts: a freeze whose event was lost or ended as a dead
 * letter takes effect all the same. Runs in every replica.
 */
export function reconcileAccounts({ db, users, ...options }: ReconcileAccountsOptions): Promise<void> {
  return reconcileCopies({
    ...options,
    name: 'ledger.accounts',
    listVersions: (afterId, limit) => listAccountVersions(db, afterId, limit),
    fetch: async (accountIds, signal) => {
      const { accounts } = await users.batchGetConditions({ accountIds }, { signal });
      return accounts.map(toAccount);
    },
    save: (copies) => saveAccounts(db, copies),
  });
}
