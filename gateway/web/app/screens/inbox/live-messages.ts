/** The list of messages, as they come and are read. */
import type { Message } from '#gen/outcry/notification/v1/notification_pb.ts';

/**
 * The messages, newest first, with the state of one of them, which is added where it belongs there: not where it is older than all that
 * were read of a longer list, nor where it is read and only unread ones are listed. One that is read in such a list stays.
 */
export function withMessage(
  messages: readonly Message[],
  changed: Message,
  { hasMore, unreadOnly }: { hasMore: boolean; unreadOnly: boolean },
): readonly Message[] {
  const index = messages.findIndex(({ messageId }) => messageId <= changed.messageId);
  if (messages[index]?.messageId === changed.messageId) return messages.with(index, changed);
  const isOlder = index === -1;
  if ((isOlder && hasMore) || (unreadOnly && changed.readTime !== undefined)) return messages;
  return messages.toSpliced(isOlder ? messages.length : index, 0, changed);
}
