import type { FeedWake } from './wake.ts';

/** Where a feed is read from, and how it is served. */
export type ServeFeedOptions<E> = {
  /**
   * The entries after a sequence, in order, at most `limit`. It must not return an entry while a lower one is uncommitted:
   * draw sequences with drawSequences, or read below pg_snapshot_xmin.
   */
  readAfter: (sequence: bigint, limit: number) => Promise<E[]>;
  sequenceOf: (entry: E) => bigint;
  /** Notified after each commit; a missed one costs at most a heartbeat. */
  wake: FeedWake;
  /** The follower has everything up to here. */
  afterSequence: bigint;
  /** Aborts when the follower leaves or the server drains. */
  signal: AbortSignal;
  /** Most entries of a message, default 500. */
  pageMax?: number;
  /** Silence after which a heartbeat is sent and the log is read again, default 2 s. */
  heartbeatMs?: number;
};

/** Some entries in order, or a heartbeat without any. `headSequence` is the last sequence sent so far. */
export type FeedPage<E> = { entries: E[]; heartbeat?: boolean; headSequence: bigint };

/**
 * Everything after `afterSequence`, then whatever comes, until the signal aborts. It reads only when the follower has taken
 * the page before: a slow one costs no memory here.
 */
export async function* serveFeed<E>(options: ServeFeedOptions<E>): AsyncGenerator<FeedPage<E>, void, undefined> {
  const { readAfter, sequenceOf, wake, signal, pageMax = 500, heartbeatMs = 2_000 } = options;
  let headSequence = options.afterSequence;
  while (!signal.aborted) {
    const idle = new AbortController();
    const stopIdle = () => idle.abort();
    signal.addEventListener('abort', stopIdle, { once: true });
    try {
      // Armed before the read: an entry committed right after it must not be missed.
      let woken = false;
      const wakened = wake.wait(idle.signal).then(() => {
        woken = !idle.signal.aborted;
      });
      const entries = await readAfter(headSequence, pageMax);
      const last = entries.at(-1);
      if (last !== undefined) {
        headSequence = sequenceOf(last);
        yield { entries, headSequence };
        continue;
      }
      const timer = setTimeout(stopIdle, heartbeatMs);
      await wakened;
      clearTimeout(timer);
      if (!woken && !signal.aborted) yield { entries: [], heartbeat: true, headSequence };
    } finally {
      idle.abort();
      signal.removeEventListener('abort', stopIdle);
    }
  }
}
