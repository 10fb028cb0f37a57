/** Follows a feed of changes: by its stream, or by calls where this browser has no connection left for one more stream. */
import { rest } from './rest.ts';
import { awakeSignal, noticeSleep } from './sleep.ts';
import { withStreamSlot } from './stream-slots.ts';
import { hiddenSignal, untilShown } from './visibility.ts';

/** A source of updates. */
type Source<Message> = {
  /** The current state, then each change. */
  stream: (signal: AbortSignal) => AsyncIterable<Message>;
  onMessage: (message: Message) => void;
  /** The page slept or was hidden: what is shown is old until the feed, which is begun again, says something. */
  onPaused?: (() => void) | undefined;
  /** An attempt begins. */
  onAttempt?: (() => void) | undefined;
  /** The feed broke by this error, and is tried again after `waitMs`. */
  onBroken?: ((waitMs: number, error?: unknown) => void) | undefined;
};

/** A source that each window reads for itself, by a stream or by polling. */
type PolledSource<Message> = Source<Message> & {
  /** The current state, as messages of the stream. */
  poll: (signal: AbortSignal) => Promise<Message[]>;
  /** Whether it leaves the streams to other sources, and is only polled. */
  isPolled?: boolean;
};

/** A source that one window reads for all, by a stream. */
type SharedSource<Message> = Source<Message> & {
  /** Runs `work` when it is this window's turn; rejects when the signal aborts before. */
  inTurn: (signal: AbortSignal, work: () => Promise<void>) => Promise<void>;
};

/** What is followed. */
export type Feed<Message> = PolledSource<Message> | SharedSource<Message>;

// Streams have a heartbeat every 10 s: one that is silent for longer is dead, though the browser may not have noticed.
const silenceMaxMs = 30_000;
const pollEveryMs = 1_000;
const pollsBeforeStream = 3;
const backoffMs = { first: 250, max: 5_000 };

/**
 * Follows a feed until the signal aborts. Begins again when it ends, breaks or falls silent, after 0.25 s to 5 s, and at once when the page wakes;
 * pauses while the page is hidden.
 */
export async function follow<Message>(feed: Feed<Message>, signal: AbortSignal): Promise<void> {
  let waitMs = backoffMs.first;
  while (!signal.aborted) {
    await untilShown();
    noticeSleep();
    const until = AbortSignal.any([signal, hiddenSignal(), awakeSignal()]);
    const onMessage = (message: Message) => {
      noticeSleep();
      if (until.aborted) return;
      waitMs = backoffMs.first;
      feed.onMessage(message);
    };
    let failed: { error: unknown } | undefined;
    feed.onAttempt?.();
    try {
      await readOnce(feed, onMessage, until);
    } catch (error) {
      failed = { error };
    }
    if (until.aborted) {
      if (!signal.aborted) feed.onPaused?.();
      continue;
    }
    const pauseMs = waitMs * (0.5 + Math.random() / 2);
    if (failed !== undefined) feed.onBroken?.(pauseMs, failed.error);
    await rest(pauseMs, signal);
    waitMs = Math.min(waitMs * 2, backoffMs.max);
  }
}

function readOnce<Message>(
  feed: Feed<Message>,
  onMessage: (message: Message) => void,
  signal: AbortSignal,
): Promise<void> {
  if ('inTurn' in feed) return feed.inTurn(signal, () => readStream(feed, onMessage, signal));
  if (feed.isPolled) return pollForAWhile(feed, onMessage, signal);
  return withStreamSlot((hasSlot) => (hasSlot ? readStream : pollForAWhile)(feed, onMessage, signal));
}

async function readStream<Message>(
  feed: Source<Message>,
  onMessage: (message: Message) => void,
  signal: AbortSignal,
): Promise<void> {
  const silent = new AbortController();
  const listen = () => setTimeout(() => silent.abort(), silenceMaxMs);
  // The network's end is noticed at once, not by silence.
  const drop = () => silent.abort();
  addEventListener('offline', drop);
  let timer = listen();
  try {
    for await (const message of feed.stream(AbortSignal.any([signal, silent.signal]))) {
      clearTimeout(timer);
      timer = listen();
      onMessage(message);
    }
    silent.signal.throwIfAborted();
  } finally {
    clearTimeout(timer);
    removeEventListener('offline', drop);
  }
}

async function pollForAWhile<Message>(
  feed: PolledSource<Message>,
  onMessage: (message: Message) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let count = 0; count < pollsBeforeStream && !signal.aborted; count++) {
    if (count > 0) await rest(pollEveryMs, signal);
    for (const message of await feed.poll(signal)) onMessage(message);
  }
}
