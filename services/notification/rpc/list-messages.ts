import type { ListMessagesRequest } from '#gen/outcry/notification/v1/notification_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import type { NotificationDeps } from '../deps.ts';
import { countUnread } from '../store/count-unread.ts';
import { listMessages as readMessages } from '../store/list-messages.ts';
import { toMessage } from './messages/message.ts';

/** One page of the caller's in-app messages, and how many are unread. */
export async function listMessages({ db }: NotificationDeps, request: ListMessagesRequest, context: CallContext) {
  const { userId: accountId } = requireUser(context);
  const { unreadOnly } = request;
  const list = `messages:${accountId}:${unreadOnly}`;
  const { cursor, limit } = readPage(request, { list });
  const found = await readMessages(db, { accountId, cursor, limit: limit + 1, unreadOnly });
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ messageId }) => messageId });
  return { messages: rows.map(toMessage), nextPageToken, unreadCount: await countUnread(db, accountId) };
}
