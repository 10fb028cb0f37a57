import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { SessionTokensSchema } from '#gen/outcry/user/v1/session_pb.ts';
import type { Sql } from '#platform/postgres/database.ts';
import type { Account } from '../domain/account.ts';
import { refreshLifetimeMs } from '../domain/session.ts';
import { insertRefreshToken } from '../store/refresh-tokens.ts';
import { signAccessToken } from './access-token.ts';
import type { KeyRing } from './key-ring.ts';
import { hashRefreshToken } from './refresh-token.ts';

/** When a refresh token that is made now, and with it its session, ends. */
export function refreshExpireTime(nowMs: number): Date {
  return new Date(nowMs + refreshLifetimeMs);
}

/** What tokens are made for. */
export type TokenTerms = { account: Account; sessionId: string; refreshToken: string; expireTime: Date };

/** Stores a new refresh token of a session with `tx`, and gives it with an access token. */
export async function issueTokens(
  tx: Sql,
  deps: { keys: KeyRing; nowMs: () => number },
  terms: TokenTerms,
): Promise<MessageInitShape<typeof SessionTokensSchema>> {
  const { sessionId, refreshToken, expireTime } = terms;
  const tokenHash = hashRefreshToken(refreshToken);
  if (tokenHash === undefined) throw new Error('a new refresh token has the wrong form');
  await insertRefreshToken(tx, { tokenHash, sessionId, expireTime });
  return signTokens(deps, terms);
}

/** The refresh token, which is stored already, with a new access token. */
export async function signTokens(
  deps: { keys: KeyRing; nowMs: () => number },
  { account, sessionId, refreshToken, expireTime }: TokenTerms,
): Promise<MessageInitShape<typeof SessionTokensSchema>> {
  const access = await signAccessToken(deps.keys, { account, sessionId, nowMs: deps.nowMs() });
  return {
    accessToken: access.token,
    accessExpireTime: timestampFromDate(access.expireTime),
    refreshToken,
    refreshExpireTime: timestampFromDate(expireTime),
    userId: account.accountId,
  };
}
