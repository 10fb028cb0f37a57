/** What went wrong, and outcomes that were not known: in sight on every screen until each is closed. */
import { computed, signal } from '@preact/signals';
import { alertNow } from './announce.ts';

type NoticeText = { key: string; text: string };

// Who leaves more unread reads the newest of them.
const noticesMax = 20;
const notices = signal<readonly NoticeText[]>([]);

/** The newest text that was not closed yet; empty: there is none. */
export const notice = computed(() => notices.value.at(-1)?.text ?? '');
/** How many stand behind the newest one, at most 19. */
export const olderCount = computed(() => Math.max(0, notices.value.length - 1));

/** Shows a text before those that were not read yet, and says it at once; it takes the place of an earlier one of the same `key`, of which it is news. */
export function showNow(text: string, key: string = text): void {
  const others = notices.peek().filter((one) => one.key !== key);
  notices.value = [...others, { key, text }].slice(-noticesMax);
  alertNow(text);
}

/** Closes the newest; the one before it is shown then. */
export function closeNotice(): void {
  notices.value = notices.peek().slice(0, -1);
}

/** Closes all. */
export function closeNotices(): void {
  notices.value = [];
}
