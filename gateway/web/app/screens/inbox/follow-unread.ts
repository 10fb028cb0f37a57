/** Reads how many messages are unread, every 15 s while somebody is logged in. It is a part of its own, read after the page. */
import { effect } from '@preact/signals';
import { unreadCount } from '../../frame/unread-count.ts';
import { isLoggedIn } from '../../rpc/session.ts';
import { notifications } from './notifications.ts';

const readEveryMs = 15_000;

/** Begins to read, for as long as the page lives. */
export function followUnread(): void {
  effect(() => {
    unreadCount.value = 0;
    if (isLoggedIn.value) void readUnread();
  });
  setInterval(() => document.visibilityState === 'visible' && isLoggedIn.peek() && void readUnread(), readEveryMs);
}

/** Reads the count at once; one that cannot be read stays as it was. */
export async function readUnread(): Promise<void> {
  const answer = await notifications.listMessages({ pageSize: 1, unreadOnly: true }).catch(() => undefined);
  if (answer !== undefined && isLoggedIn.peek()) unreadCount.value = answer.unreadCount;
}
