/** Keeps up with what changes. */
import { rest } from './rest.ts';
import { withStreamSlot } from './stream-slots.ts';
import type { Json } from './transport.ts';
import { hiddenSignal, untilShown } from './visibility.ts';

/** Something that changes. */
export type Feed = {
  /** What it is, then each change. */
  stream: (signal: AbortSignal) => AsyncIterable<Json>;
  /** What it is now, as a message of the stream. */
  poll: () => Promise<Json>;
  onMessage: (message: Json) => void;
  /** Told whenever it changes between what is shown being current, and not. */
  onCurrent?: (isCurrent: boolean) => void;
};

// Streams have a heartbeat every 10 s: one that is silent for longer is dead, though the browser may not know.
const silenceMaxMs = 30_000;
const pollEveryMs = 1_000;
const pollsBeforeStream = 3;
const backoffMs = { first: 250, max: 5_000 };

/**
 * Follows a feed until the signal aborts: by its stream when this page may have one more, else by calls, once a second. Begins
 * again when the stream ends, breaks or falls silent, after 0.25 s to 5 s. Rests while nobody looks at the page.
 */
export async function follow(feed: Feed, signal: AbortSignal): Promise<void> {
  let isCurrent: boolean | undefined;
  let waitMs = backoffMs.first;
  const tellCurrent = (next: boolean) => {
    if (next !== isCurrent) feed.onCurrent?.(next);
    isCurrent = next;
  };
  const onMessage = (message: Json) => {
    waitMs = backoffMs.first;
    if (signal.aborted) return;
    tellCurrent(true);
    feed.onMessage(message);
  };
  while (!signal.aborted) {
    await untilShown();
    const until = AbortSignal.any([signal, hiddenSignal()]);
    try {
      await withStreamSlot((hasSlot) => (hasSlot ? readStream : pollForAWhile)(feed, onMessage, until));
    } catch {
      if (!until.aborted) tellCurrent(false);
    }
    if (until.aborted) continue;
    await rest(waitMs * (0.5 + Math.random() / 2), signal);
    waitMs = Math.min(waitMs * 2, backoffMs.max);
  }
}

async function readStream(feed: Feed, onMessage: (message: Json) => void, signal: AbortSignal): Promise<void> {
  const silent = new AbortController();
  const listen = () => setTimeout(() => silent.abort(), silenceMaxMs);
  let timer = listen();
  try {
    for await (const message of feed.stream(AbortSignal.any([signal, silent.signal]))) {
      clearTimeout(timer);
      timer = listen();
      onMessage(message);
    }
  } finally {
    clearTimeout(timer);
  }
}

async function pollForAWhile(feed: Feed, onMessage: (message: Json) => void, signal: AbortSignal): Promise<void> {
  for (let count = 0; count < pollsBeforeStream && !signal.aborted; count++) {
    if (count > 0) await rest(pollEveryMs, signal);
    onMessage(await feed.poll());
  }
}
