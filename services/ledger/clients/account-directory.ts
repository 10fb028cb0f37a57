import type { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import { toAccount } from '../rpc/messages/account.ts';
import { readAccounts } from '../store/read-accounts.ts';
import { saveAccounts } from '../store/save-accounts.ts';

/** The ledger's copies of accounts: a missing one is fetched from the user service once, later changes come as events. */
export type AccountDirectory = {
  /**
   * Makes sure that every account which exists has its copy. Throws UNAVAILABLE when one has to be fetched and the user service
   * cannot be reached.
   */
  ensure(accountIds: readonly string[], signal: AbortSignal): Promise<void>;
};

const accountsPerCallMax = 500;
const copiedMax = 100_000;

/** A directory over the ledger's database. */
export function createAccountDirectory(options: {
  db: Database;
  users: Pick<RpcClient<typeof UserInternalService>, 'batchGetConditions'>;
}): AccountDirectory {
  const { db, users } = options;
  // Accounts that are known to have a copy. A copy is never removed, so these need no query.
  const copied = new Set<string>();
  const addCopied = (accountIds: Iterable<string>) => {
    if (copied.size >= copiedMax) copied.clear();
    for (const accountId of accountIds) copied.add(accountId);
  };
  async function ensure(accountIds: readonly string[], signal: AbortSignal): Promise<void> {
    const unchecked = [...new Set(accountIds)].filter((accountId) => !copied.has(accountId));
    if (unchecked.length === 0) return;
    const stored = await readAccounts(db, unchecked);
    addCopied(stored.keys());
    const missing = unchecked.filter((accountId) => !stored.has(accountId));
    for (let start = 0; start < missing.length; start += accountsPerCallMax) {
      const request = { accountIds: missing.slice(start, start + accountsPerCallMax) };
      const { accounts } = await users.batchGetConditions(request, { signal });
      await saveAccounts(db, accounts.map(toAccount));
      addCopied(accounts.map(({ accountId }) => accountId));
    }
  }
  return { ensure };
}
