/** Makes the staff that the configuration names, where they are missing. */
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { BootstrapAccount } from '../config.ts';
import { publishRegistered } from '../events/published.ts';
import type { UserDeps } from '../rpc/deps.ts';
import { findCredentials } from '../store/find-credentials.ts';
import { insertAccount } from '../store/insert-account.ts';

/** An address that exists keeps its password and its roles: whoever registered it first must not become staff by a restart. */
export async function bootstrapAccounts(
  deps: UserDeps,
  accounts: readonly BootstrapAccount[],
  options: { signal: AbortSignal; logger: Logger },
): Promise<void> {
  for (const { password, ...person } of accounts) {
    if ((await findCredentials(deps.db, person)) !== undefined) continue;
    const passwordHash = await deps.hasher.hash(password, options.signal);
    const made = await deps.db.transaction(async (tx) => {
      const conditions = deps.defaultConditions;
      const accountId = uuidV7(deps.nowMs());
      const account = await insertAccount(tx, { ...person, accountId, passwordHash, houseName: null, conditions });
      if (account !== undefined) await publishRegistered(tx, account);
      return account;
    });
    if (made !== undefined)
      options.logger.info({ userId: made.accountId, roles: made.roles }, 'made a member of staff');
  }
}
