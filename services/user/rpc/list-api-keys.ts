import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ListApiKeysRequest, ListApiKeysResponseSchema } from '#gen/outcry/user/v1/api_key_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { UserDeps } from '../deps.ts';
import { listAccountKeys } from '../store/find-api-key.ts';
import { apiKeyMessage } from './messages/api-key-message.ts';

const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** ListApiKeys. */
export async function listApiKeys(
  deps: UserDeps,
  request: ListApiKeysRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ListApiKeysResponseSchema>> {
  const { userId: accountId } = requireUser(context);
  const list = `api-keys ${accountId}`;
  const { cursor = lastId, limit } = readPage(request, { list, sizeMax: 100 });
  const found = await listAccountKeys(deps.db, { accountId, beforeId: cursor, limit: limit + 1 });
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ keyId }) => keyId });
  return { apiKeys: rows.map(apiKeyMessage), nextPageToken };
}
