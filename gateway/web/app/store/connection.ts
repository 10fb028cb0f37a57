/** The state of the connection to prices, as a signal that is looked at four times a second. */
import { signal } from '@preact/signals';
import { type ConnectionFacts, type ConnectionState, connectionState } from './connection-state.ts';

const lookEveryMs = 250;

const facts: ConnectionFacts = {
  nowMs: Date.now(),
  lastMessageMs: undefined,
  isOpen: false,
  isOnline: navigator.onLine,
  attempts: 0,
  nextAttemptMs: undefined,
};

/** What is said of the connection. */
export const connection = signal<ConnectionState>(connectionState(facts));

/** Notes a message of the streams of prices. */
export function noteMessage(): void {
  facts.lastMessageMs = Date.now();
  facts.isOpen = true;
  facts.attempts = 0;
  facts.nextAttemptMs = undefined;
  if (connection.peek().word !== 'live') look();
}

/** Notes that the stream of prices broke and is opened again after `waitMs`. */
export function noteBroken(waitMs: number): void {
  facts.isOpen = false;
  facts.attempts += 1;
  facts.nextAttemptMs = Date.now() + waitMs;
  look();
}

/** Notes that an attempt begins. */
export function noteAttempt(): void {
  facts.nextAttemptMs = undefined;
}

function look(): void {
  facts.nowMs = Date.now();
  facts.isOnline = navigator.onLine;
  const next = connectionState(facts);
  const shown = connection.peek();
  if (next.word !== shown.word || next.text !== shown.text) connection.value = next;
}

/** Begins to look; also at once when the network goes or the machine wakes. */
export function watchConnection(): void {
  setInterval(look, lookEveryMs);
  for (const event of ['online', 'offline', 'focus', 'pageshow']) addEventListener(event, look);
  document.addEventListener('visibilitychange', look);
}
