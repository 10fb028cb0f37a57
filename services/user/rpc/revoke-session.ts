import type { MessageInitShape } from '@bufbuild/protobuf';
import type { RevokeSessionRequest, RevokeSessionResponseSchema } from '#gen/outcry/user/v1/session_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { UserDeps } from '../deps.ts';
import { endSession } from '../store/sessions.ts';

/** RevokeSession. Its access token stays good until its end, ten minutes at most; no new one is made. */
export async function revokeSession(
  deps: UserDeps,
  { sessionId }: RevokeSessionRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof RevokeSessionResponseSchema>> {
  const { userId: accountId } = requireUser(context);
  if (!isUuidV7(sessionId)) throw invalidArgument('session_id', 'is no id of a session');
  await endSession(deps.db, { accountId, sessionId });
  return {};
}
