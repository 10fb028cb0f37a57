import type { Notifier } from '#platform/concurrency/notifier.ts';
import { startTimer } from '#platform/time/timer.ts';

/** Where a feed is read from, and how it is served. */
export type ServeFeedOptions<E> = {
  /**
   * The entries after a sequence, in order, at most `limit`. It must not return an entry while a lower one is uncommitted:
   * draw sequences with drawSequences, or read below pg_snapshot_xmin.
   */
  readAfter: (sequence: bigint, limit: number) => Promise<E[]>;
  sequenceOf: (entry: E) => bigint;
  /** Notified after each commit; a missed one costs at most a heartbeat. */
  wake: Notifier;
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
 * The entries after `afterSequence`, then new ones, until the signal aborts. A page is read only once the follower has taken the
 * page before, so a slow follower costs no memory here.
 */
export async function* serveFeed<E>(options: ServeFeedOptions<E>): AsyncGenerator<FeedPage<E>, void, undefined> {
  const { readAfter, sequenceOf, wake, signal, pageMax = 500, heartbeatMs = 2_000 } = options;
  let headSequence = options.afterSequence;
  using alarm = createAlarm(wake, signal);
  while (!signal.aborted) {
    // Before the read: an entry committed right after it must not be missed.
    alarm.reset();
    const entries = await readAfter(headSequence, pageMax);
    const last = entries.at(-1);
    if (last !== undefined) {
      headSequence = sequenceOf(last);
      yield { entries, headSequence };
    } else if (!(await alarm.rings(heartbeatMs)) && !signal.aborted) {
      yield { entries: [], heartbeat: true, headSequence };
    }
  }
}

/** Rings at a wake or at the abort. One serves a whole stream: thousands of followers are woken by each commit. */
function createAlarm(wake: Notifier, signal: AbortSignal) {
  let rang = false;
  let onRing: (() => void) | undefined;
  const ring = () => {
    rang = true;
    onRing?.();
  };
  const subscription = wake.subscribe(ring);
  signal.addEventListener('abort', ring, { once: true });
  return {
    reset() {
      rang = false;
    },
    /** Resolves to true at a ring, also one since the last reset, and to false when there was none for so long. */
    rings(durationMs: number): Promise<boolean> {
      if (rang || signal.aborted) return Promise.resolve(true);
      return new Promise((resolve) => {
        const end = (result: boolean) => {
          onRing = undefined;
          timer[Symbol.dispose]();
          resolve(result);
        };
        const timer = startTimer(durationMs, () => end(false));
        onRing = () => end(true);
      });
    },
    [Symbol.dispose]() {
      subscription[Symbol.dispose]();
      signal.removeEventListener('abort', ring);
    },
  };
}
