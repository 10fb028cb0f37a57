import type { Database, Sql } from '#platform/postgres/sql.ts';
import type { Account } from '../domain/account.ts';
import { findAccount } from '../store/find-account.ts';
import { recordChange } from '../store/record-change.ts';
import { userNotFound } from './user-not-found.ts';

/** What a change does: undefined when there is nothing to do, else the account after it and the words for the record. */
export type AccountChange = { account: Account; change: string; note?: string } | undefined;

/**
 * Locks the account, lets `apply` change it and records who did it; a change that changes nothing leaves no record. Returns the account
 * after it. Throws NOT_FOUND for an unknown user.
 */
export async function changeAccount(
  db: Database,
  options: {
    accountId: string;
    actorId: string;
    apply: (tx: Sql, before: Account) => Promise<AccountChange>;
  },
): Promise<Account> {
  const { accountId, actorId, apply } = options;
  return db.transaction(async (tx) => {
    const before = await findAccount(tx, accountId, { forUpdate: true });
    if (before === undefined) throw userNotFound();
    const done = await apply(tx, before);
    if (done === undefined) return before;
    await recordChange(tx, { accountId, actorId, change: done.change, note: done.note ?? '' });
    return done.account;
  });
}
