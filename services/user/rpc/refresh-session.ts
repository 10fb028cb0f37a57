import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { RefreshSessionRequest, RefreshSessionResponseSchema } from '#gen/outcry/user/v1/session_pb.ts';
import { type OutcryError, unauthenticated } from '#platform/errors/outcry-error.ts';
import type { Sql } from '#platform/postgres/database.ts';
import { issueTokens, refreshExpireTime, signTokens } from '../accounts/issue-tokens.ts';
import { createSuccessorSalt, deriveSuccessor, hashRefreshToken } from '../accounts/refresh-token.ts';
import type { UserDeps } from '../deps.ts';
import { decideRefresh, repeatMs } from '../domain/session.ts';
import { findAccount } from '../store/find-account.ts';
import {
  findRefreshToken,
  forgetSuccessors,
  lockSessionOf,
  type StoredRefreshToken,
  useRefreshToken,
} from '../store/refresh-tokens.ts';
import { endSession, extendSession } from '../store/sessions.ts';

/** A session is not renewed more often within the time in which a repeat is answered. */
const successorsMax = 100;

/** RefreshSession. */
export async function refreshSession(
  deps: UserDeps,
  { refreshToken }: RefreshSessionRequest,
): Promise<MessageInitShape<typeof RefreshSessionResponseSchema>> {
  // The end of a session whose token was reused has to be committed: the refusal is returned, and thrown after that.
  const tokenHash = hashRefreshToken(refreshToken);
  if (tokenHash === undefined) throw unknownToken();
  const outcome = await deps.db.transaction(async (tx) => {
    await lockSessionOf(tx, tokenHash);
    return refresh(tx, deps, { refreshToken, tokenHash });
  });
  if ('refusal' in outcome) throw outcome.refusal;
  return outcome;
}

type Outcome = MessageInitShape<typeof RefreshSessionResponseSchema> | { refusal: OutcryError };

/** A token as it was presented or made, by the hash under which it is stored. */
type NamedToken = { refreshToken: string; tokenHash: Buffer };
type HeldToken = StoredRefreshToken & NamedToken;

async function refresh(tx: Sql, deps: UserDeps, named: NamedToken): Promise<Outcome> {
  const token = await findRefreshToken(tx, named.tokenHash);
  if (token === undefined) return { refusal: unknownToken() };
  const { useTime, sessionEnded, expireTime } = token;
  const decision = decideRefresh(
    { useTimeMs: useTime?.getTime(), sessionEnded, expireTimeMs: expireTime.getTime() },
    deps.nowMs(),
  );
  switch (decision) {
    case 'rotate':
      return rotate(tx, deps, { ...token, ...named });
    case 'repeat':
      return repeat(tx, deps, { ...token, ...named }, successorsMax);
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

async function rotate(tx: Sql, deps: UserDeps, token: HeldToken): Promise<Outcome> {
  const { accountId, sessionId, tokenHash } = token;
  const account = await findAccount(tx, accountId);
  if (account === undefined) return { refusal: unknownToken() };
  const nowMs = deps.nowMs();
  const expireTime = refreshExpireTime(nowMs);
  const successorSalt = createSuccessorSalt();
  const refreshToken = deriveSuccessor(deps.refreshSecret, token.refreshToken, successorSalt);
  await forgetSuccessors(tx, sessionId, new Date(nowMs - repeatMs));
  await useRefreshToken(tx, { tokenHash, useTime: new Date(nowMs), successorSalt });
  await extendSession(tx, sessionId, expireTime);
  return { tokens: await issueTokens(tx, deps, { account, sessionId, refreshToken, expireTime }) };
}

/** Gives the newest token of the session again, which the presented one led to: the renewal has had its effect. */
async function repeat(tx: Sql, deps: UserDeps, token: HeldToken, stepsLeft: number): Promise<Outcome> {
  if (token.successorSalt === undefined || stepsLeft === 0) return { refusal: unknownToken() };
  const refreshToken = deriveSuccessor(deps.refreshSecret, token.refreshToken, token.successorSalt);
  const tokenHash = hashRefreshToken(refreshToken);
  const successor = tokenHash && (await findRefreshToken(tx, tokenHash));
  if (tokenHash === undefined || successor === undefined) return { refusal: unknownToken() };
  if (successor.useTime !== undefined) {
    return repeat(tx, deps, { ...successor, refreshToken, tokenHash }, stepsLeft - 1);
  }
  const account = await findAccount(tx, token.accountId);
  if (account === undefined) return { refusal: unknownToken() };
  const { sessionId, expireTime } = successor;
  return { tokens: await signTokens(deps, { account, sessionId, refreshToken, expireTime }) };
}

function refused(reason: ErrorReason, message: string): OutcryError {
  return unauthenticated(reason, message);
}

function unknownToken(): OutcryError {
  return refused(ErrorReason.TOKEN_INVALID, 'the refresh token is not valid');
}
