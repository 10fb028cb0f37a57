import type { MessageInitShape } from '@bufbuild/protobuf';
import type { SetRolesRequest, SetRolesResponseSchema } from '#gen/outcry/user/v1/user_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { normaliseRoles } from '../domain/account.ts';
import { updateRoles } from '../store/update-account.ts';
import { changeAccount } from './change-account.ts';
import type { UserDeps } from './deps.ts';
import { accountRoleOf } from './messages/account-message.ts';

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
  return changeAccount(deps, context, {
    userId: request.userId,
    apply: async (tx, before) => {
      if (normaliseRoles(before.roles).join() === roles.join()) return undefined;
      const account = await updateRoles(tx, before.accountId, roles);
      return { account, change: `roles ${before.roles.join('+')} to ${roles.join('+')}` };
    },
  });
}
