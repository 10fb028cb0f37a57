import type { MessageInitShape } from '@bufbuild/protobuf';
import type { LogOutRequest, LogOutResponseSchema } from '#gen/outcry/user/v1/session_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { UserDeps } from '../deps.ts';
import { endSession } from '../store/sessions.ts';

/** LogOut. The access token itself stays good until its end, ten minutes at most; no new one is made. */
export async function logOut(
  deps: UserDeps,
  _request: LogOutRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof LogOutResponseSchema>> {
  const { userId, sessionId } = requireUser(context);
  if (sessionId !== '') await endSession(deps.db, { accountId: userId, sessionId });
  return {};
}
