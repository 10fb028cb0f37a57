/** The state of the connection to prices, as a signal that is looked at four times a second. */
import { signal } from '@preact/signals';
import { type ConnectionFacts, type ConnectionState, connectionState } from './connection-state.ts';
import { onNextFrame } from './frame.ts';

const lookEveryMs = 250;

const facts: ConnectionFacts = {
  nowMs: Date.now(),
  lastMessageMs: undefined,
  isOpen: false,
  hasOld: false,
  isOnline: navigator.onLine,
  attempts: 0,
  nextAttemptMs: undefined,
};

/** What is said of the connection. */
export const connection = signal<ConnectionState>(connectionState(facts));

// Feeds whose figures are shown and may be old.
const old = new Set<string>();
let messageTimeMs = 0;

/** Notes a message of the stream of prices. What was not live is so again in the frame that shows the price. */
export function noteMessage(): void {
  messageTimeMs = Date.now();
  if (connection.peek().word === 'live') takeMessage();
  else onNextFrame(takeMessage);
}

function takeMessage(): void {
  if (old.size === 0) facts.lastMessageMs = messageTimeMs;
  facts.isOpen = true;
  facts.attempts = 0;
  facts.nextAttemptMs = undefined;
  if (connection.peek().word !== 'live') look();
}

/** Notes that the figures of a feed are old: prices are not called live until it has said something. */
export function noteOld(feed: string): void {
  old.add(feed);
  look();
}

/** Notes that the figures of a feed are those of now, or are not shown any more, from the next frame on. */
export function noteCurrent(feed: string): void {
  if (!old.has(feed)) return;
  onNextFrame(() => {
    old.delete(feed);
    takeMessage();
  });
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
  facts.hasOld = old.size > 0;
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
