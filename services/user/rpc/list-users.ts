import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ListUsersRequest, ListUsersResponseSchema } from '#gen/outcry/user/v1/user_pb.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { UserDeps } from '../deps.ts';
import { listAccounts } from '../store/list-accounts.ts';
import { userMessage } from './messages/account-message.ts';

const list = 'users';
const firstId = '00000000-0000-0000-0000-000000000000';

/** ListUsers. */
export async function listUsers(
  deps: UserDeps,
  request: ListUsersRequest,
): Promise<MessageInitShape<typeof ListUsersResponseSchema>> {
  const { cursor = firstId, limit } = readPage(request, { list });
  const found = await listAccounts(deps.db, { afterId: cursor, limit: limit + 1 });
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ accountId }) => accountId });
  return { users: rows.map(userMessage), nextPageToken };
}
