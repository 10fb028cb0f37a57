import type { MessageInitShape } from '@bufbuild/protobuf';
import type { SetRolesRequest, SetRolesResponseSchema } from '#gen/outcry/user/v1/user_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { changeAccount } from '../accounts/change-account.ts';
import type { UserDeps } from '../deps.ts';
import { normaliseRoles } from '../domain/account.ts';
import { updateRoles } from '../store/update-account.ts';
import { accountRoleOf, userMessage } from './messages/account-message.ts';
import { requireUserId } from './request-fields.ts';

/** SetRoles. */
export async function setRoles(
  deps: UserDeps,
  request: SetRolesRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof SetRolesResponseSchema>> {
  const named = request.roles.map(accountRoleOf);
  if (named.length === 0 || named.length > 10 || named.includes(undefined)) {
    throw invalidArgument('roles', 'must be at least one of user, operator and admin');
  }
  const roles = normaliseRoles(named.filter((role) => role !== undefined));
  const accountId = requireUserId(request.userId);
  const { userId: actorId } = requireUser(context);
  const account = await changeAccount(deps.db, {
    accountId,
    actorId,
    apply: async (tx, before) => {
      if (normaliseRoles(before.roles).join() === roles.join()) return undefined;
      const changed = await updateRoles(tx, before.accountId, roles);
      return { account: changed, change: `roles ${before.roles.join('+')} to ${roles.join('+')}` };
    },
  });
  return { user: userMessage(account) };
}
