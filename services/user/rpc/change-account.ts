import { requireUser } from '#platform/auth/ownership.ts';
import type { Sql } from '#platform/postgres/database.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import type { Account } from '../domain/account.ts';
import { findAccount } from '../store/find-account.ts';
import { recordChange } from '../store/record-change.ts';
import type { UserDeps } from './deps.ts';
import { userMessage } from './messages/account-message.ts';
import { requireUserId, userNotFound } from './request-fields.ts';

/** What a change does: undefined when there is nothing to do, else the account after it and the words for the record. */
export type AccountChange = { account: Account; change: string; note?: string } | undefined;

/**
 * Locks the account, lets `apply` change it and notes who did it; a change that changes nothing leaves no trace. Throws
 * NOT_FOUND for an unknown user.
 */
export async function changeAccount(
  deps: UserDeps,
  context: CallContext,
  options: { userId: string; apply: (tx: Sql, before: Account) => Promise<AccountChange> },
) {
  const accountId = requireUserId(options.userId);
  const actorId = requireUser(context).userId;
  const account = await deps.db.transaction(async (tx) => {
    const before = await findAccount(tx, accountId, { forUpdate: true });
    if (before === undefined) throw userNotFound();
    const done = await options.apply(tx, before);
    if (done === undefined) return before;
    await recordChange(tx, { accountId, actorId, change: done.change, note: done.note ?? '' });
    return done.account;
  });
  return { user: userMessage(account) };
}
