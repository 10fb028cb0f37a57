import type { MessageInitShape } from '@bufbuild/protobuf';
import type { LogOutEverywhereRequest, LogOutEverywhereResponseSchema } from '#gen/outcry/user/v1/session_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { UserDeps } from '../deps.ts';
import { endSessions } from '../store/sessions.ts';

/** LogOutEverywhere. */
export async function logOutEverywhere(
  deps: UserDeps,
  _request: LogOutEverywhereRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof LogOutEverywhereResponseSchema>> {
  return { endedCount: await endSessions(deps.db, requireUser(context).userId) };
}
