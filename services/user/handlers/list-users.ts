import type { UserAdminService } from '#gen/outcry/user/v1/user_pb.ts';
import type { Implementation } from '#platform/rpc/server.ts';
import { userMessage } from '../account-message.ts';
import { pageTokenAfter, readPage } from '../page-token.ts';
import { requireUserId, userNotFound } from '../request-fields.ts';
import { findAccount } from '../store/find-account.ts';
import { listAccounts } from '../store/list-accounts.ts';
import type { UserDeps } from '../user-deps.ts';

/** GetUser. */
export function getUser(deps: UserDeps): Implementation<typeof UserAdminService>['getUser'] {
  return async (request) => {
    const account = await findAccount(deps.db, requireUserId(request.userId));
    if (account === undefined) throw userNotFound();
    return { user: userMessage(account) };
  };
}

/** ListUsers. */
export function listUsers(deps: UserDeps): Implementation<typeof UserAdminService>['listUsers'] {
  return async (request) => {
    const { afterId, limit } = readPage(request);
    const accounts = await listAccounts(deps.db, { afterId, limit: limit + 1 });
    const page = accounts.slice(0, limit);
    const last = page.at(-1);
    return {
      users: page.map(userMessage),
      nextPageToken: accounts.length > limit && last !== undefined ? pageTokenAfter(last.accountId) : '',
    };
  };
}
