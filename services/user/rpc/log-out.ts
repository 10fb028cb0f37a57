import type { SessionService } from '#gen/outcry/user/v1/session_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { Implementation } from '#platform/rpc/server.ts';
import { endSession, endSessions } from '../store/sessions.ts';
import type { UserDeps } from './deps.ts';

/** LogOut. The access token itself stays good until its end, ten minutes at most; no new one is made. */
export function logOut(deps: UserDeps): Implementation<typeof SessionService>['logOut'] {
  return async (_request, context) => {
    const { userId, sessionId } = requireUser(context);
    if (sessionId !== '') await endSession(deps.db, { accountId: userId, sessionId });
    return {};
  };
}

/** LogOutEverywhere. */
export function logOutEverywhere(deps: UserDeps): Implementation<typeof SessionService>['logOutEverywhere'] {
  return async (_request, context) => ({ endedCount: await endSessions(deps.db, requireUser(context).userId) });
}
