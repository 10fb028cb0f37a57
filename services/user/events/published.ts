/**
 * The events that this service publishes; each is written in the transaction that makes it true, under the id that follows from it: so the
 * audit can look for it.
 */
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  AccountConditionsChangedSchema,
  ApiKeyCreatedSchema,
  LogInsFailedSchema,
  UserRegisteredSchema,
} from '#gen/outcry/user/v1/events_pb.ts';
import { enqueueEvent } from '#platform/bus/outbox.ts';
import { uuidV7Of, uuidV7OfFact } from '#platform/ids/uuid-v7.ts';
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
    { key: account.accountId, id: uuidV7OfFact(account.accountId, 'registered') },
  );
  await publishConditions(tx, account);
}

/** Publishes state and conditions as they are now. */
export async function publishConditions(tx: Sql, account: Account): Promise<void> {
  const init = { account: accountConditionsMessage(account) };
  const id = uuidV7OfFact(account.accountId, `conditions ${account.version}`);
  await enqueueEvent(tx, AccountConditionsChangedSchema, init, { key: account.accountId, id });
}

/** Publishes that wrong passwords were entered for an account. */
export async function publishLogInsFailed(tx: Sql, failed: FailedLogIns, reportTimeMs: number): Promise<void> {
  const { accountId, failedCount, firstTime, lastTime } = failed;
  const times = { firstTime: timestampFromDate(firstTime), lastTime: timestampFromDate(lastTime) };
  const id = uuidV7Of(reportTimeMs, `${accountId} log-ins-failed`);
  await enqueueEvent(tx, LogInsFailedSchema, { userId: accountId, failedCount, ...times }, { key: accountId, id });
}

/** Publishes that an API key was made. */
export async function publishApiKeyCreated(tx: Sql, key: ApiKey): Promise<void> {
  const init = { userId: key.accountId, apiKey: apiKeyMessage(key) };
  await enqueueEvent(tx, ApiKeyCreatedSchema, init, { key: key.accountId, id: uuidV7OfFact(key.keyId, 'created') });
}
