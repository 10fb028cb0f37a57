import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { EnsureHouseAccountRequest, EnsureHouseAccountResponseSchema } from '#gen/outcry/user/v1/internal_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Sql } from '#platform/postgres/database.ts';
import type { Account } from '../domain/account.ts';
import { houseNameProblem } from '../domain/identity-rules.ts';
import { publishRegistered } from '../events/published.ts';
import { findHouseAccount } from '../store/find-account.ts';
import { insertAccount } from '../store/insert-account.ts';
import { signAccessToken } from './access-token.ts';
import type { UserDeps } from './deps.ts';
import { refuseProblems } from './request-fields.ts';

/** EnsureHouseAccount. */
export async function ensureHouseAccount(
  deps: UserDeps,
  { name }: EnsureHouseAccountRequest,
): Promise<MessageInitShape<typeof EnsureHouseAccountResponseSchema>> {
  refuseProblems({ name: houseNameProblem(name) });
  const account =
    (await findHouseAccount(deps.db, name)) ?? (await deps.db.transaction((tx) => addHouse(tx, deps, name)));
  const access = await signAccessToken(deps.keys, { account, sessionId: undefined, nowMs: deps.nowMs() });
  return {
    accountId: account.accountId,
    accessToken: access.token,
    accessExpireTime: timestampFromDate(access.expireTime),
  };
}

async function addHouse(tx: Sql, deps: UserDeps, houseName: string): Promise<Account> {
  const account = await insertAccount(tx, {
    accountId: uuidV7(deps.nowMs()),
    email: null,
    displayName: houseName,
    passwordHash: null,
    houseName,
    roles: ['user'],
    conditions: deps.houseConditions,
  });
  if (account !== undefined) {
    await publishRegistered(tx, account);
    return account;
  }
  const found = await findHouseAccount(tx, houseName);
  if (found === undefined) throw new Error('the house account vanished between two statements');
  return found;
}
