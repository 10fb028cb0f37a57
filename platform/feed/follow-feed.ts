import { logRetry } from '#platform/telemetry/log-retry.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';
import { startTimer, type Timer } from '#platform/time/timer.ts';
import { FeedStalledError } from './failures.ts';
import { type FeedSilence, measureFeedSilence } from './feed-silence.ts';

/** Which feed to follow, from where, and what to do with it. */
export type FollowFeedOptions<M, P = bigint> = {
  /** Names the log lines and metrics. */
  name: string;
  /** Reads the position stored with the follower's own data. */
  loadPosition: () => Promise<P>;
  /** Opens the stream of everything after a position; heartbeats included. */
  open: (after: P, signal: AbortSignal) => AsyncIterable<M>;
  /** Applies one message, and commits it together with its position. */
  apply: (message: M) => Promise<void>;
  /** Hears of each failure; when it resolves to true, following ends. Its own failure counts as one that passes. Default: none ends it. */
  endsAfter?: (error: unknown) => Promise<boolean>;
  /** Aborts to stop following. */
  signal: AbortSignal;
  /** Silence, heartbeats included, after which the stream is taken for dead; default 15 s. */
  stallTimeoutMs?: number;
  logger: Logger;
  metrics?: Metrics;
};

/**
 * Follows a feed until the signal aborts. After any failure it waits (100 ms to 2 s), reads the position again and opens the
 * stream anew, so an entry whose outcome is unknown is neither lost nor applied twice. Never rejects.
 */
export async function followFeed<M, P = bigint>(options: FollowFeedOptions<M, P>): Promise<void> {
  const { name, metrics } = options;
  const silence = metrics && measureFeedSilence(metrics, name);
  silence?.heard();
  await followUntilEnd(options, silence).finally(() => silence?.ended());
}

async function followUntilEnd<M, P>(options: FollowFeedOptions<M, P>, silence: FeedSilence | undefined): Promise<void> {
  const { name, signal, logger, metrics, endsAfter } = options;
  const restarts = metrics?.counter({
    name: 'outcry_feed_restarts_total',
    help: 'Times a follower began again.',
    labels: ['feed', 'cause'],
  });
  let failures = 0;
  while (!signal.aborted) {
    try {
      const applied = await followOnce(options, silence);
      // Streams end by their age and are opened again at once; one that ends empty is not asked in a tight loop.
      failures = applied > 0 ? 0 : failures + 1;
      if (signal.aborted) return;
      restarts?.inc({ feed: name, cause: 'ended' });
    } catch (error) {
      if (signal.aborted) return;
      const progressed = error instanceof FollowError && error.applied > 0;
      failures = progressed ? 1 : failures + 1;
      const cause = error instanceof FollowError ? error.cause : error;
      if (await endsAfter?.(cause).catch(() => false)) return;
      restarts?.inc({ feed: name, cause: 'failed' });
      logRetry(logger, { feed: name, failures }, cause, 'following the feed failed; beginning again');
    }
    if (failures > 0) await pause(backoffMs(failures - 1, 100, 2_000), signal);
  }
}

class FollowError extends Error {
  readonly applied: number;
  constructor(applied: number, cause: unknown) {
    super('following failed', { cause });
    this.applied = applied;
  }
}

async function followOnce<M, P>(options: FollowFeedOptions<M, P>, silence: FeedSilence | undefined): Promise<number> {
  const { loadPosition, open, apply, signal, stallTimeoutMs = 15_000 } = options;
  const stalled = new AbortController();
  const streamSignal = AbortSignal.any([signal, stalled.signal]);
  let applied = 0;
  let timer: Timer | undefined;
  const expectMessage = () => {
    timer = startTimer(stallTimeoutMs, () => stalled.abort(new FeedStalledError('nothing was heard for too long')));
  };
  try {
    const position = await loadPosition();
    expectMessage();
    for await (const message of open(position, streamSignal)) {
      // The stall timeout does not run while a message is applied, as the sender may wait for the reader then.
      timer?.[Symbol.dispose]();
      silence?.heard();
      if (signal.aborted) return applied;
      await apply(message);
      applied += 1;
      expectMessage();
    }
    if (stalled.signal.aborted) throw stalled.signal.reason;
    return applied;
  } catch (error) {
    throw new FollowError(applied, stalled.signal.aborted ? stalled.signal.reason : error);
  } finally {
    timer?.[Symbol.dispose]();
  }
}
