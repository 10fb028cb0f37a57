import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { RefreshSessionRequest, RefreshSessionResponseSchema } from '#gen/outcry/user/v1/session_pb.ts';
import { type OutcryError, unauthenticated } from '#platform/errors/outcry-error.ts';
import type { Sql } from '#platform/postgres/database.ts';
import { issueTokens, refreshExpireTime } from '../accounts/issue-tokens.ts';
import { hashRefreshToken } from '../accounts/refresh-token.ts';
import type { UserDeps } from '../deps.ts';
import { decideRefresh } from '../domain/session.ts';
import { findAccount } from '../store/find-account.ts';
import { lockRefreshToken, type StoredRefreshToken, useRefreshToken } from '../store/refresh-tokens.ts';
import { endSession, extendSession } from '../store/sessions.ts';

/** RefreshSession. */
export async function refreshSession(
  deps: UserDeps,
  { refreshToken }: RefreshSessionRequest,
): Promise<MessageInitShape<typeof RefreshSessionResponseSchema>> {
  const tokenHash = hashRefreshToken(refreshToken);
  if (tokenHash === undefined) throw unknownToken();
  // The end of a session whose token was reused has to be committed: the refusal is returned, and thrown after that.
  const outcome = await deps.db.transaction((tx) => refresh(tx, deps, tokenHash));
  if ('refusal' in outcome) throw outcome.refusal;
  return outcome;
}

async function refresh(tx: Sql, deps: UserDeps, tokenHash: Buffer) {
  const token = await lockRefreshToken(tx, tokenHash);
  const decision = decideRefresh(
    token && { used: token.used, sessionEnded: token.sessionEnded, expireTimeMs: token.expireTime.getTime() },
    deps.nowMs(),
  );
  if (token === undefined) return { refusal: unknownToken() };
  switch (decision) {
    case 'rotate':
      return rotate(tx, deps, { ...token, tokenHash });
    case 'reused':
      await endSession(tx, token);
      return { refusal: refused(ErrorReason.REFRESH_TOKEN_REUSED, 'the token was used before; its session is ended') };
    case 'ended':
      return { refusal: refused(ErrorReason.SESSION_ENDED, 'the session was ended') };
    case 'expired':
      return { refusal: refused(ErrorReason.SESSION_ENDED, 'the session has expired') };
    case 'unknown':
      return { refusal: unknownToken() };
    default:
      return decision satisfies never;
  }
}

async function rotate(tx: Sql, deps: UserDeps, token: StoredRefreshToken & { tokenHash: Buffer }) {
  const { accountId, sessionId, tokenHash } = token;
  const account = await findAccount(tx, accountId);
  if (account === undefined) return { refusal: unknownToken() };
  const expireTime = refreshExpireTime(deps.nowMs());
  await useRefreshToken(tx, tokenHash);
  await extendSession(tx, sessionId, expireTime);
  return { tokens: await issueTokens(tx, deps, { account, sessionId, expireTime }) };
}

function refused(reason: ErrorReason, message: string): OutcryError {
  return unauthenticated(reason, message);
}

function unknownToken(): OutcryError {
  return refused(ErrorReason.TOKEN_INVALID, 'the refresh token is not valid');
}
