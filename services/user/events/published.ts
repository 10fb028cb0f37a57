/** The facts that this service tells; each is written in the transaction that makes it true. */
import { AccountConditionsChangedSchema, UserRegisteredSchema } from '#gen/outcry/user/v1/events_pb.ts';
import { enqueueEvent } from '#platform/bus/outbox.ts';
import type { Sql } from '#platform/postgres/database.ts';
import type { Account } from '../domain/account.ts';
import { accountConditionsMessage } from '../rpc/messages/account-message.ts';

/** Tells that the account was made, and under which conditions. */
export async function publishRegistered(tx: Sql, account: Account): Promise<void> {
  await enqueueEvent(
    tx,
    UserRegisteredSchema,
    {
      userId: account.accountId,
      email: account.email ?? '',
      displayName: account.displayName,
      house: account.houseName !== null,
    },
    { key: account.accountId },
  );
  await publishConditions(tx, account);
}

/** Tells state and conditions as they are now. */
export async function publishConditions(tx: Sql, account: Account): Promise<void> {
  const init = { account: accountConditionsMessage(account) };
  await enqueueEvent(tx, AccountConditionsChangedSchema, init, { key: account.accountId });
}
