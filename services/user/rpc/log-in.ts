import type { MessageInitShape } from '@bufbuild/protobuf';
import type { LogInRequest, LogInResponseSchema } from '#gen/outcry/user/v1/session_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { sessionKeys, strangerKeys } from '../accounts/guess-throttle.ts';
import { issueTokens, refreshExpireTime } from '../accounts/issue-tokens.ts';
import { createRefreshToken, hashRefreshToken } from '../accounts/refresh-token.ts';
import { credentialsWrong, type PasswordCheck, verifyPassword } from '../accounts/verify-password.ts';
import type { UserDeps } from '../deps.ts';
import { normaliseEmail, passwordFormProblem } from '../domain/identity-rules.ts';
import { subscriberOf } from '../domain/network-address.ts';
import { findCredentials, holdCredentials } from '../store/find-credentials.ts';
import { findKnownSession } from '../store/find-known-session.ts';
import { endSessionsOverLimit, insertSession } from '../store/sessions.ts';
import { refuseProblems } from './request-fields.ts';

const sessionsMax = 100;
const emailLengthMax = 254;

/** LogIn. Frozen and closed accounts log in as well: they may read. A 101st session ends the oldest. */
export async function logIn(
  deps: UserDeps,
  request: LogInRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof LogInResponseSchema>> {
  const { password, knownDeviceToken } = request;
  const email = normaliseEmail(request.email);
  refuseProblems({
    email: email === '' || email.length > emailLengthMax ? `must have 1 to ${emailLengthMax} characters` : undefined,
    password: passwordFormProblem(password),
  });
  const device = await identifyDevice(deps, { email, knownDeviceToken, clientAddress: context.clientAddress });
  const found = await findCredentials(deps.db, { email });
  const { account, passwordHash } = await verifyPassword(deps, { email, found, password, ...device }, context);
  return deps.db.transaction(async (tx) => {
    // A password that was changed meanwhile has ended all sessions; this must not become a new one.
    if (!(await holdCredentials(tx, account.accountId, passwordHash))) throw credentialsWrong();
    const session = {
      accountId: account.accountId,
      sessionId: uuidV7(deps.nowMs()),
      expireTime: refreshExpireTime(deps.nowMs()),
    };
    await insertSession(tx, session);
    await endSessionsOverLimit(tx, account.accountId, sessionsMax);
    const refreshToken = createRefreshToken();
    return { tokens: await issueTokens(tx, deps, { ...session, account, refreshToken }) };
  });
}

/**
 * A device that logged in to this account before is counted by itself, whatever others do at its network address. One that has
 * guessed too often itself counts like any other at that address.
 */
async function identifyDevice(
  deps: UserDeps,
  {
    email,
    knownDeviceToken,
    clientAddress,
  }: { email: string; knownDeviceToken: string; clientAddress?: string | undefined },
): Promise<Pick<PasswordCheck, 'keys' | 'lane'>> {
  const tokenHash = hashRefreshToken(knownDeviceToken);
  const sessionId = tokenHash && (await findKnownSession(deps.db, { tokenHash, email }));
  if (sessionId !== undefined) {
    const keys = sessionKeys(deps.guessLimits, sessionId);
    if ((await deps.throttle.waitMs(keys)) === 0) return { keys, lane: { name: email, isTrusted: true } };
  }
  const subscriber = subscriberOf(clientAddress);
  return {
    keys: strangerKeys(deps.guessLimits, email, subscriber),
    lane: { name: `log-in ${subscriber}`, isTrusted: false },
  };
}
