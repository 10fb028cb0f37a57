import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ChangePasswordRequest, ChangePasswordResponseSchema } from '#gen/outcry/user/v1/user_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { sessionKeys } from '../accounts/guess-throttle.ts';
import { requireSession } from '../accounts/require-session.ts';
import { credentialsWrong, verifyPassword } from '../accounts/verify-password.ts';
import type { UserDeps } from '../deps.ts';
import { passwordFormProblem } from '../domain/identity-rules.ts';
import { findCredentials } from '../store/find-credentials.ts';
import { endSessions } from '../store/sessions.ts';
import { replacePasswordHash } from '../store/update-account.ts';
import { refuseProblems, refuseWeakPassword } from './request-fields.ts';

/** ChangePassword. A session that was logged out may not do it, though its access token is still good. */
export async function changePassword(
  deps: UserDeps,
  request: ChangePasswordRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ChangePasswordResponseSchema>> {
  const caller = requireUser(context);
  const { userId, email, sessionId } = caller;
  refuseProblems({
    current_password: passwordFormProblem(request.currentPassword),
    new_password: passwordFormProblem(request.newPassword),
  });
  await requireSession(deps.db, caller);
  const found = await findCredentials(deps.db, { accountId: userId });
  const lane = { name: email, isTrusted: true };
  const keys = sessionKeys(deps.guessLimits, sessionId);
  const check = { email, found, password: request.currentPassword, keys, lane };
  const { account, passwordHash } = await verifyPassword(deps, check, context);
  const { displayName } = account;
  const toHash = await deps.hasher.hash({
    password: request.newPassword,
    lane,
    signal: context.signal,
    before: () => refuseWeakPassword('new_password', request.newPassword, { email, displayName }),
  });
  await deps.db.transaction(async (tx) => {
    const changed = await replacePasswordHash(tx, { accountId: userId, fromHash: passwordHash, toHash });
    if (!changed) throw credentialsWrong();
    await endSessions(tx, userId, sessionId);
  });
  return {};
}
