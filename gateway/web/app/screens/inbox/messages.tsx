import { useEffect, useState } from 'preact/hooks';
import type { Message } from '#gen/outcry/notification/v1/notification_pb.ts';
import { ShownRows } from '../../reading/shown-rows.tsx';
import { usePages } from '../../reading/use-pages.ts';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { onInboxNews } from './follow-inbox.ts';
import { withMessage } from './live-messages.ts';
import { MessageItem } from './message-item.tsx';
import { notifications } from './notifications.ts';

type Filter = 'all' | 'unread';

const retryAfterMs = 5_000;

/** Messages, newest first; opening one marks it as read. */
export function Messages() {
  const [filter, setFilter] = useState<Filter>('all');
  const pages = usePages<Message>(
    async (pageToken, signal) => {
      const request = { pageSize: 50, pageToken, unreadOnly: filter === 'unread' };
      const { messages, nextPageToken } = await notifications.listMessages(request, { signal });
      return { rows: messages, nextPageToken };
    },
    {
      key: filter,
      keyOf: ({ messageId }) => messageId,
      withChange: (rows, message, hasMore) => withMessage(rows, message, { hasMore, unreadOnly: filter === 'unread' }),
    },
  );
  const { change, readNewest, failure } = pages;
  useEffect(() => onInboxNews((news) => (news.kind === 'anew' ? readNewest() : change(news.message))), []);
  useEffect(() => {
    if (failure === undefined) return undefined;
    const timer = setTimeout(readNewest, retryAfterMs);
    return () => clearTimeout(timer);
  }, [failure]);
  return (
    <>
      <div class="filters">
        <RadioGroup
          name="messages"
          label="Messages"
          options={[
            { value: 'all', text: 'All' },
            { value: 'unread', text: 'Unread' },
          ]}
          value={filter}
          onChange={setFilter}
        />
      </div>
      <ShownRows
        pages={pages}
        empty={
          filter === 'unread'
            ? 'All is read.'
            : 'No messages yet. What becomes of your orders, transfers and alerts stands here.'
        }
      >
        {(rows) => (
          <ul class="letters" aria-label="Messages">
            {rows.map((message) => (
              <MessageItem key={message.messageId} message={message} />
            ))}
          </ul>
        )}
      </ShownRows>
    </>
  );
}
