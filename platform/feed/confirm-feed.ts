/** Says to a feed up to where its consumer will never need it again, so that the feed may delete that. */
import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { saveDurablePosition } from './durable-position.ts';

/** Which feed is confirmed, and how. */
export type ConfirmFeedOptions = {
  db: Database;
  /** Names the feed in the consumer's database, as for `consumeFeed`. */
  feed: string;
  /** Confirms everything up to a sequence to the feed. A repeat and an earlier sequence are harmless. */
  confirm: (sequence: bigint, signal: AbortSignal) => Promise<unknown>;
  /** From one round to the next, in ms; default 10,000. A position is confirmed a whole round after it was on disk. */
  pauseMs?: number;
  logger: Logger;
  metrics: Metrics;
  /** Aborts to stop. */
  signal: AbortSignal;
};

const pauseMsDefault = 10_000;

/**
 * Confirms a feed at a bounded pace, until the signal aborts. Runs in every replica, off the way of what is applied. A round that fails is
 * repeated later; until then the feed is longer. Never rejects.
 */
export function confirmFeed(options: ConfirmFeedOptions): Promise<void> {
  const { feed, pauseMs = pauseMsDefault, logger, signal } = options;
  const round = confirmRounds(options);
  const work = async () => {
    await round();
    return false;
  };
  return runPeriodically({ name: `confirm ${feed}`, work, pauseMs, signal, logger });
}

/**
 * A function that runs a round: it makes the position durable, and confirms the one of the round before. A standby of the database that is a
 * round behind or less thus still finds in the feed what it lacks when it takes over.
 */
export function confirmRounds({ db, feed, confirm, metrics, signal }: ConfirmFeedOptions): () => Promise<void> {
  const gauge = metrics.gauge({
    name: 'outcry_feed_confirmed_position',
    help: 'Sequence of the feed up to which this process has confirmed it, so that it may be deleted there.',
    labels: ['feed'],
  });
  let before: bigint | undefined;
  return async () => {
    const durable = await saveDurablePosition(db, feed);
    const earlier = before;
    before = durable;
    if (earlier === undefined || durable === undefined) return;
    // A position that has gone back, to an earlier state of the database or by an operator, needs the feed from there.
    const hasGoneBack = durable < earlier;
    const safe = hasGoneBack ? durable : earlier;
    if (safe === 0n) return;
    await confirm(safe, signal);
    gauge.set({ feed }, Number(safe));
  };
}
