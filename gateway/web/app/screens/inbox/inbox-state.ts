/** What a window has of the inbox, as the messages of the stream change it. */
import type { Message, StreamMessagesResponse } from '#gen/outcry/notification/v1/notification_pb.ts';

/** Where a window stands in the sequence of the inbox, and how many messages are unread there. */
export type InboxState = { sequence: bigint; resumeToken: string; unreadCount: number };

/** What is new: a message that came or was read, or that lists are to be read again. */
export type InboxNews = { kind: 'added' | 'read'; message: Message } | { kind: 'anew' };

/** Before anything was read. */
export const unknownInbox: InboxState = { sequence: -1n, resumeToken: '', unreadCount: 0 };

/** The state after a message, which may come again: from the stream of this window, and by another window. */
export function withStreamed(
  state: InboxState,
  { sequence, resumeToken, unreadCount, message }: StreamMessagesResponse,
): { state: InboxState; news?: InboxNews } {
  switch (message.case) {
    case 'snapshot':
      if (sequence === state.sequence) return { state };
      return { state: { sequence, resumeToken, unreadCount }, news: { kind: 'anew' } };
    case 'added':
    case 'read': {
      if (sequence <= state.sequence) return { state };
      const news = { kind: message.case, message: message.value };
      return { state: { sequence, resumeToken, unreadCount }, news };
    }
    default:
      return sequence < state.sequence ? { state } : { state: { ...state, sequence, resumeToken } };
  }
}
