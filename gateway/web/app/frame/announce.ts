/** What a screen reader says: merged, once a second; what matters at once, at once. Prices are never said unless they are asked for. */
import { type Signal, signal } from '@preact/signals';

const mergeMs = 1_000;
const emptyMs = 50;

/** The text of the polite region. */
export const politeText = signal('');
/** The text of the alert. */
export const alertText = signal('');

/** What went wrong, in sight on every screen until it is closed or something else did; empty: nothing. */
export const notice = signal('');

const waiting = new Map<string, string>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says a text within a second; a later one under the same key takes its place. */
export function announce(text: string, key: string = text): void {
  waiting.set(key, text);
  if (timer !== undefined) return;
  timer = setTimeout(() => {
    timer = undefined;
    say(politeText, [...waiting.values()].join(' '));
    waiting.clear();
  }, mergeMs);
}

/** Says a text at once: a refusal, an unknown outcome, a halt of the symbol that is shown. */
export function alertNow(text: string): void {
  say(alertText, text);
}

// A region that has the same text as before would be silent, so it is emptied first.
function say(region: Signal<string>, text: string): void {
  region.value = '';
  setTimeout(() => {
    region.value = text;
  }, emptyMs);
}

/** Shows a text and says it at once: what failed, and outcomes that were not known. */
export function showNow(text: string): void {
  notice.value = text;
  alertNow(text);
}
