import type { MessageInitShape } from '@bufbuild/protobuf';
import type { LogInRequest, LogInResponseSchema } from '#gen/outcry/user/v1/session_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { normaliseEmail, passwordFormProblem } from '../domain/identity-rules.ts';
import { findCredentials, holdCredentials } from '../store/find-credentials.ts';
import { endSessionsOverLimit, insertSession } from '../store/sessions.ts';
import type { UserDeps } from './deps.ts';
import { issueTokens, refreshExpireTime } from './issue-tokens.ts';
import { refuseProblems } from './request-fields.ts';
import { credentialsWrong, verifyPassword } from './verify-password.ts';

const sessionsMax = 100;
const emailLengthMax = 254;

/** LogIn. Frozen and closed accounts log in as well: they may read. A 101st session ends the oldest. */
export async function logIn(
  deps: UserDeps,
  request: LogInRequest,
  { signal }: CallContext,
): Promise<MessageInitShape<typeof LogInResponseSchema>> {
  const { password } = request;
  const email = normaliseEmail(request.email);
  refuseProblems({
    email: email === '' || email.length > emailLengthMax ? `must have 1 to ${emailLengthMax} characters` : undefined,
    password: passwordFormProblem(password),
  });
  const found = await findCredentials(deps.db, { email });
  await verifyPassword(deps, { email, passwordHash: found?.passwordHash, password, signal });
  if (found === undefined) throw credentialsWrong();
  const { account, passwordHash } = found;
  return deps.db.transaction(async (tx) => {
    // A password that was changed meanwhile has ended all sessions; this must not become a new one.
    if (!(await holdCredentials(tx, account.accountId, passwordHash))) throw credentialsWrong();
    const session = {
      accountId: account.accountId,
      sessionId: uuidV7(deps.nowMs()),
      expireTime: refreshExpireTime(deps),
    };
    await insertSession(tx, session);
    await endSessionsOverLimit(tx, account.accountId, sessionsMax);
    return { tokens: await issueTokens(tx, deps, { ...session, account }) };
  });
}
