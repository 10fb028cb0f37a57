import type { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import type { Database } from '#platform/postgres/database.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { Account } from '../domain/account.ts';
import { toAccount } from '../rpc/messages/account.ts';
import { readAccounts, saveAccounts } from '../store/accounts.ts';

/** The copies of accounts; what is missing is asked of the user service once, later changes come by event. */
export type AccountDirectory = {
  /**
   * Makes sure that every account which exists has its copy. Throws UNAVAILABLE when the user service would have to be asked and
   * cannot be reached.
   */
  ensure(accountIds: readonly string[], signal: AbortSignal): Promise<void>;
  /** The account as it is here after `ensure`; undefined when it does not exist. */
  get(accountId: string, signal: AbortSignal): Promise<Account | undefined>;
};

const askMax = 500;
const seenMax = 100_000;

/** A directory over the ledger's database. */
export function createAccountDirectory(options: {
  db: Database;
  users: Pick<RpcClient<typeof UserInternalService>, 'batchGetConditions'>;
}): AccountDirectory {
  const { db, users } = options;
  // Accounts whose copy is known to exist. A copy is never removed, so this spares the look.
  const seen = new Set<string>();
  const note = (accountIds: Iterable<string>) => {
    if (seen.size >= seenMax) seen.clear();
    for (const accountId of accountIds) seen.add(accountId);
  };
  const ensure: AccountDirectory['ensure'] = async (accountIds, signal) => {
    const unseen = [...new Set(accountIds)].filter((accountId) => !seen.has(accountId));
    if (unseen.length === 0) return;
    const kept = await readAccounts(db, unseen);
    note(kept.keys());
    const missing = unseen.filter((accountId) => !kept.has(accountId));
    for (let start = 0; start < missing.length; start += askMax) {
      const request = { accountIds: missing.slice(start, start + askMax) };
      const { accounts } = await users.batchGetConditions(request, { signal });
      await saveAccounts(db, accounts.map(toAccount));
      note(accounts.map(({ accountId }) => accountId));
    }
  };
  return {
    ensure,
    async get(accountId, signal) {
      await ensure([accountId], signal);
      return (await readAccounts(db, [accountId])).get(accountId);
    },
  };
}
