/** Makes the staff that the configuration names, where they are missing. */
import type { Logger } from '#platform/telemetry/logger.ts';
import { addPerson } from '../accounts/add-account.ts';
import type { BootstrapAccount } from '../config.ts';
import type { UserDeps } from '../deps.ts';
import { findCredentials } from '../store/find-credentials.ts';

const lane = { name: 'bootstrap', isTrusted: true };

/** An address that exists is left unchanged: a person who registered it first must not become staff by a restart. */
export async function bootstrapAccounts(
  deps: UserDeps,
  accounts: readonly BootstrapAccount[],
  { signal, logger }: { signal: AbortSignal; logger: Logger },
): Promise<void> {
  for (const { password, ...person } of accounts) {
    if ((await findCredentials(deps.db, person)) !== undefined) continue;
    const passwordHash = await deps.hasher.hash({ password, lane, signal });
    const made = await deps.db.transaction((tx) => addPerson(tx, deps, { ...person, passwordHash }));
    if (made !== undefined) logger.info({ userId: made.accountId, roles: made.roles }, 'made a member of staff');
  }
}
