import { signal } from '@preact/signals';

/** Messages in the inbox that were not read, of the person who is logged in. */
export const unreadCount = signal(0);
