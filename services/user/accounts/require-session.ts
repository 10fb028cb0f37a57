import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { UserClaims } from '#platform/auth/claims.ts';
import { unauthenticated } from '#platform/errors/outcry-error.ts';
import type { Sql } from '#platform/postgres/database.ts';
import { isSessionLive } from '../store/sessions.ts';

/** Throws SESSION_ENDED unless the session of the token is live: one that was logged out has a good token for a while. */
export async function requireSession(sql: Sql, { userId, sessionId }: UserClaims): Promise<void> {
  if (sessionId !== '' && (await isSessionLive(sql, { accountId: userId, sessionId }))) return;
  throw unauthenticated(ErrorReason.SESSION_ENDED, 'the session was ended');
}
