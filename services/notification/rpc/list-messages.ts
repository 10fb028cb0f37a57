import type { NotificationService } from '#gen/outcry/notification/v1/notification_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { Implementation } from '#platform/rpc/server.ts';
import type { NotificationDeps } from '../deps.ts';
import { countUnread, listMessages as readMessages } from '../store/list-messages.ts';
import { messageMessage } from './messages/message.ts';

/** ListMessages. */
export function listMessages({ db }: NotificationDeps): Implementation<typeof NotificationService>['listMessages'] {
  return async (request, context) => {
    const { userId: accountId } = requireUser(context);
    const { unreadOnly } = request;
    const list = `messages:${accountId}:${unreadOnly}`;
    const { cursor, limit } = readPage(request, { list });
    const found = await readMessages(db, { accountId, cursor, limit: limit + 1, unreadOnly });
    const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ messageId }) => messageId });
    return { messages: rows.map(messageMessage), nextPageToken, unreadCount: await countUnread(db, accountId) };
  };
}
