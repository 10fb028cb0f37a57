import type { MessageInitShape } from '@bufbuild/protobuf';
import type { EnsureUserRequest, EnsureUserResponseSchema } from '#gen/outcry/user/v1/user_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { addPerson } from '../accounts/add-account.ts';
import type { UserDeps } from '../deps.ts';
import type { Account } from '../domain/account.ts';
import {
  emailProblem,
  nameProblem,
  normaliseEmail,
  normaliseName,
  passwordFormProblem,
} from '../domain/identity-rules.ts';
import { findCredentials } from '../store/find-credentials.ts';
import { recordChange } from '../store/record-change.ts';
import { userMessage } from './messages/account-message.ts';
import { refuseProblems, refuseWeakPassword } from './request-fields.ts';

/** EnsureUser. The e-mail address is the key; who made the person is recorded. */
export async function ensureUser(
  deps: UserDeps,
  request: EnsureUserRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof EnsureUserResponseSchema>> {
  const email = normaliseEmail(request.email);
  refuseProblems({ email: emailProblem(email) });
  const created = (await findCredentials(deps.db, { email })) ? undefined : await create(deps, email, request, context);
  const account = created ?? (await findCredentials(deps.db, { email }))?.account;
  if (account === undefined) throw new Error('the account vanished between two statements');
  return { user: userMessage(account), created: created !== undefined };
}

// Undefined when another call made the person meanwhile.
async function create(
  deps: UserDeps,
  email: string,
  { password, displayName: sentName }: EnsureUserRequest,
  context: CallContext,
): Promise<Account | undefined> {
  const actorId = requireUser(context).userId;
  const displayName = normaliseName(sentName);
  refuseProblems({ password: passwordFormProblem(password), display_name: nameProblem(displayName) });
  const passwordHash = await deps.hasher.hash({
    password,
    lane: { name: actorId, isTrusted: true },
    signal: context.signal,
    before: () => refuseWeakPassword('password', password, { email, displayName }),
  });
  return deps.db.transaction(async (tx) => {
    const account = await addPerson(tx, deps, { email, displayName, passwordHash, roles: ['user'] });
    if (account !== undefined) {
      await recordChange(tx, { accountId: account.accountId, actorId, change: 'made by staff', note: '' });
    }
    return account;
  });
}
