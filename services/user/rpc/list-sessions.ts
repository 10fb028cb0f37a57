import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { ListSessionsRequest, ListSessionsResponseSchema } from '#gen/outcry/user/v1/session_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { UserDeps } from '../deps.ts';
import { refreshLifetimeMs } from '../domain/session.ts';
import { listLiveSessions } from '../store/sessions.ts';

const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** ListSessions. */
export async function listSessions(
  deps: UserDeps,
  request: ListSessionsRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ListSessionsResponseSchema>> {
  const { userId: accountId, sessionId: currentId } = requireUser(context);
  const list = `sessions ${accountId}`;
  const { cursor = lastId, limit } = readPage(request, { list, sizeMax: 100 });
  const found = await listLiveSessions(deps.db, { accountId, beforeId: cursor, limit: limit + 1 });
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ sessionId }) => sessionId });
  const sessions = rows.map(({ sessionId, createTime, expireTime }) => ({
    sessionId,
    createTime: timestampFromDate(createTime),
    lastUseTime: timestampFromDate(new Date(expireTime.getTime() - refreshLifetimeMs)),
    expireTime: timestampFromDate(expireTime),
    current: sessionId === currentId,
  }));
  return { sessions, nextPageToken };
}
