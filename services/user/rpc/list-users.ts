import type { UserAdminService } from '#gen/outcry/user/v1/user_pb.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { Implementation } from '#platform/rpc/server.ts';
import { findAccount } from '../store/find-account.ts';
import { listAccounts } from '../store/list-accounts.ts';
import type { UserDeps } from './deps.ts';
import { userMessage } from './messages/account-message.ts';
import { requireUserId, userNotFound } from './request-fields.ts';

const list = 'users';
const firstId = '00000000-0000-0000-0000-000000000000';

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
    const { cursor = firstId, limit } = readPage(request, { list });
    const found = await listAccounts(deps.db, { afterId: cursor, limit: limit + 1 });
    const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ accountId }) => accountId });
    return { users: rows.map(userMessage), nextPageToken };
  };
}
