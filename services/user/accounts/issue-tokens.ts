import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { SessionTokensSchema } from '#gen/outcry/user/v1/session_pb.ts';
import type { Sql } from '#platform/postgres/database.ts';
import type { Account } from '../domain/account.ts';
import { refreshLifetimeMs } from '../domain/session.ts';
import { insertRefreshToken } from '../store/refresh-tokens.ts';
import { signAccessToken } from './access-token.ts';
import type { KeyRing } from './key-ring.ts';
import { createRefreshToken, hashRefreshToken } from './refresh-token.ts';

/** When a refresh token that is made now, and with it its session, ends. */
export function refreshExpireTime(nowMs: number): Date {
  return new Date(nowMs + refreshLifetimeMs);
}

/** Makes the next tokens of a session; the refresh token is stored with `tx`. */
export async function issueTokens(
  tx: Sql,
  deps: { keys: KeyRing; nowMs: () => number },
  options: { account: Account; sessionId: string; expireTime: Date },
): Promise<MessageInitShape<typeof SessionTokensSchema>> {
  const { account, sessionId, expireTime } = options;
  const refreshToken = createRefreshToken();
  const tokenHash = hashRefreshToken(refreshToken);
  if (tokenHash === undefined) throw new Error('a new refresh token has the wrong form');
  await insertRefreshToken(tx, { tokenHash, sessionId, expireTime });
  const access = await signAccessToken(deps.keys, { account, sessionId, nowMs: deps.nowMs() });
  return {
    accessToken: access.token,
    accessExpireTime: timestampFromDate(access.expireTime),
    refreshToken,
    refreshExpireTime: timestampFromDate(expireTime),
    userId: account.accountId,
  };
}
