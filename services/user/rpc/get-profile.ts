import type { UserService } from '#gen/outcry/user/v1/user_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { Implementation } from '#platform/rpc/server.ts';
import { findAccount } from '../store/find-account.ts';
import type { UserDeps } from './deps.ts';
import { userMessage } from './messages/account-message.ts';
import { userNotFound } from './request-fields.ts';

/** GetProfile. */
export function getProfile(deps: UserDeps): Implementation<typeof UserService>['getProfile'] {
  return async (_request, context) => {
    const account = await findAccount(deps.db, requireUser(context).userId);
    if (account === undefined) throw userNotFound();
    return { user: userMessage(account) };
  };
}
