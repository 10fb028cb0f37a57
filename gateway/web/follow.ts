/** Follows a feed of changes. */
import { rest } from './rest.ts';
import { withStreamSlot } from './stream-slots.ts';
import type { Json } from './transport.ts';
import { hiddenSignal, untilShown } from './visibility.ts';

/** A source of updates, read by a stream or by polling. */
export type Feed = {
  /** The current state, then each change. */
  stream: (signal: AbortSignal) => AsyncIterable<Json>;
  /** The current state, as a message of the stream. */
  poll: () => Promise<Json>;
  onMessage: (message: Json) => void;
  /** Called when what is shown becomes current or stale. */
  onCurrent?: (isCurrent: boolean) => void;
};

// Streams have a heartbeat every 10 s: one that is silent for longer is dead, though the browser may not know.
const silenceMaxMs = 30_000;
const pollEveryMs = 1_000;
const pollsBeforeStream = 3;
const backoffMs = { first: 250, max: 5_000 };

/**
 * Follows a feed until the signal aborts: by its stream when this page may have one more, else by calls, once a second. Begins
 * again when the stream ends, breaks or falls silent, after 0.25 s to 5 s. Pauses while the page is hidden.
 */
export async function follow(feed: Feed, signal: AbortSignal): Promise<void> {
  let isCurrent: boolean | undefined;
  let waitMs = backoffMs.first;
  const reportCurrent = (next: boolean) => {
    if (next !== isCurrent) feed.onCurrent?.(next);
    isCurrent = next;
  };
  const onMessage = (message: Json) => {
    waitMs = backoffMs.first;
    if (signal.aborted) return;
    reportCurrent(true);
    feed.onMessage(message);
  };
  while (!signal.aborted) {
    await untilShown();
    const until = AbortSignal.any([signal, hiddenSignal()]);
    try {
      await withStreamSlot((hasSlot) => (hasSlot ? readStream : pollForAWhile)(feed, onMessage, until));
    } catch {
      if (!until.aborted) reportCurrent(false);
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
