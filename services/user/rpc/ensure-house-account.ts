import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { EnsureHouseAccountRequest, EnsureHouseAccountResponseSchema } from '#gen/outcry/user/v1/internal_pb.ts';
import { signAccessToken } from '../accounts/access-token.ts';
import { addHouse } from '../accounts/add-account.ts';
import type { UserDeps } from '../deps.ts';
import { houseNameProblem } from '../domain/identity-rules.ts';
import { findHouseAccount } from '../store/find-account.ts';
import { refuseProblems } from './request-fields.ts';

/** EnsureHouseAccount. */
export async function ensureHouseAccount(
  deps: UserDeps,
  { name }: EnsureHouseAccountRequest,
): Promise<MessageInitShape<typeof EnsureHouseAccountResponseSchema>> {
  refuseProblems({ name: houseNameProblem(name) });
  const account =
    (await findHouseAccount(deps.db, name)) ??
    (await deps.db.transaction((tx) => addHouse(tx, deps, name))) ??
    // Another call made it between the two statements.
    (await findHouseAccount(deps.db, name));
  if (account === undefined) throw new Error('the house account vanished between two statements');
  const access = await signAccessToken(deps.keys, { account, sessionId: undefined, nowMs: deps.nowMs() });
  return {
    accountId: account.accountId,
    accessToken: access.token,
    accessExpireTime: timestampFromDate(access.expireTime),
  };
}
