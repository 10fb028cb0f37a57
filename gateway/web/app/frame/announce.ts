/** What a screen reader says: merged, once a second; what matters at once, at once. Prices are never said unless they are asked for. */
import { signal } from '@preact/signals';

const mergeMs = 1_000;
const emptyMs = 50;
const alertsMax = 10;

/** The text of the polite region. */
export const politeText = signal('');
/** The text of the alert. */
export const alertText = signal('');

const waiting = new Map<string, string>();
let alerts: readonly string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says a text within a second; a later one under the same key takes its place. */
export function announce(text: string, key: string = text): void {
  waiting.set(key, text);
  if (timer !== undefined) return;
  timer = setTimeout(() => {
    timer = undefined;
    sayPolitely();
  }, mergeMs);
}

/** Says a text at once: a refusal, an unknown outcome, a halt of the symbol that is shown. Texts that come together are said together, at most ten. */
export function alertNow(text: string): void {
  const isFirst = alerts.length === 0;
  alerts = [...alerts.filter((one) => one !== text), text].slice(-alertsMax);
  if (!isFirst) return;
  // A region that has the same text as before would be silent, so it is emptied first.
  alertText.value = '';
  setTimeout(() => {
    if (alerts.length > 0) alertText.value = alerts.join(' ');
    alerts = [];
  }, emptyMs);
}

/** Forgets what was said and what was to be said: it was for another person. */
export function forgetSaid(): void {
  waiting.clear();
  alerts = [];
  politeText.value = '';
  alertText.value = '';
}

function sayPolitely(): void {
  politeText.value = '';
  setTimeout(() => {
    politeText.value = [...waiting.values()].join(' ');
    waiting.clear();
  }, emptyMs);
}
