/** The events that this service publishes; each is written in the transaction that makes it true. */
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  AccountConditionsChangedSchema,
  ApiKeyCreatedSchema,
  LogInsFailedSchema,
  UserRegisteredSchema,
} from '#gen/outcry/user/v1/events_pb.ts';
import { enqueueEvent } from '#platform/bus/outbox.ts';
import type { Sql } from '#platform/postgres/database.ts';
import type { Account } from '../domain/account.ts';
import type { ApiKey } from '../domain/api-key.ts';
import { accountConditionsMessage } from '../rpc/messages/account-message.ts';
import { apiKeyMessage } from '../rpc/messages/api-key-message.ts';
import type { FailedLogIns } from '../store/wrong-passwords.ts';

/** Publishes that the account was made, and under which conditions. */
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

/** Publishes state and conditions as they are now. */
export async function publishConditions(tx: Sql, account: Account): Promise<void> {
  const init = { account: accountConditionsMessage(account) };
  await enqueueEvent(tx, AccountConditionsChangedSchema, init, { key: account.accountId });
}

/** Publishes that wrong passwords were entered for an account. */
export async function publishLogInsFailed(tx: Sql, failed: FailedLogIns): Promise<void> {
  const { accountId, failedCount, firstTime, lastTime } = failed;
  const times = { firstTime: timestampFromDate(firstTime), lastTime: timestampFromDate(lastTime) };
  await enqueueEvent(tx, LogInsFailedSchema, { userId: accountId, failedCount, ...times }, { key: accountId });
}

/** Publishes that an API key was made. */
export async function publishApiKeyCreated(tx: Sql, key: ApiKey): Promise<void> {
  const init = { userId: key.accountId, apiKey: apiKeyMessage(key) };
  await enqueueEvent(tx, ApiKeyCreatedSchema, init, { key: key.accountId });
}
