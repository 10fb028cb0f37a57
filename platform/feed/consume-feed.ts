/** The one way to consume a feed: one replica at a time, each entry once, in order, in one transaction with the position. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { holdLease, type Lease } from '#platform/postgres/lease.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { pause } from '#platform/time/pause.ts';
import type { ApplyOptions, FeedPage } from './apply-options.ts';
import { haltOf } from './failures.ts';
import { FeedApplier } from './feed-applier.ts';
import { measureFeedLag } from './feed-lag.ts';
import { type Halt, readFeedState, saveHalt } from './feed-state.ts';
import { followFeed } from './follow-feed.ts';
import type { FollowedPosition } from './history.ts';
import type { Fence } from './position.ts';

export type { FeedPage, GroupOptions } from './apply-options.ts';

/** Which feed to consume, and what to do with its entries. */
export type ConsumeFeedOptions<E extends { sequence: bigint }, R> = ApplyOptions<E, R> & {
  /** Names this process in the lease, unique among replicas. */
  holder: string;
  /** How long a silent holder has the lease, in ms; default 3,000. */
  leaseTtlMs?: number;
  /** Opens the stream of everything after a position, heartbeats included; the feed refuses one of another history. */
  open: (position: FollowedPosition, signal: AbortSignal) => AsyncIterable<FeedPage<E>>;
  /**
   * Where to go on when the feed does not have the entries after the position any more (FEED_POSITION_UNKNOWN). Only for consumers that
   * may have gaps; default: the consumer halts.
   */
  findOldest?: (signal: AbortSignal) => Promise<bigint>;
  /** Runs in the transaction that stores a halt, for an alarm of the service's own beside the metric and the line in the log. */
  onHalted?: (tx: Sql, halt: Halt) => Promise<void>;
  logger: Logger;
  metrics: Metrics;
  /** Aborts to stop and give the lease up. */
  signal: AbortSignal;
};

const haltedPauseMs = 1_000;
// A line in the log each minute while a consumer is halted.
const haltedLogEvery = 60;

/** The lease of a feed's consumer. */
export function consumerLease(feed: string): string {
  return `feed.${feed}`;
}

/**
 * Consumes a feed whenever this process holds the consumer's lease, until the signal aborts. A failure is repeated when it is one of those
 * that pass by themselves (`isTransient`); any other halts the consumer, which applies nothing until an operator lifts the halt. Never
 * rejects.
 */
export async function consumeFeed<E extends { sequence: bigint }, R>(options: ConsumeFeedOptions<E, R>): Promise<void> {
  const { db, feed, holder, leaseTtlMs, logger, signal } = options;
  const gauges = createGauges(options);
  await holdLease({
    db,
    name: consumerLease(feed),
    holder,
    ttlMs: leaseTtlMs,
    logger,
    signal,
    whileHeld: async (lease) => {
      try {
        while (!lease.signal.aborted) await consumeUntilHalt(options, lease, gauges);
      } finally {
        gauges.halted(false);
      }
    },
  });
}

type Gauges = ReturnType<typeof createGauges>;

async function consumeUntilHalt<E extends { sequence: bigint }, R>(
  options: ConsumeFeedOptions<E, R>,
  lease: Lease,
  gauges: Gauges,
): Promise<void> {
  const { feed, logger, metrics } = options;
  await waitWhileHalted(options, lease, gauges);
  if (lease.signal.aborted) return;
  const fence = { leaseName: consumerLease(feed), token: lease.token };
  await using applier = new FeedApplier(options, fence);
  await followFeed<FeedPage<E>, FollowedPosition>({
    name: feed,
    loadPosition: () => applier.begin(),
    open: (position, signal) => readUntilFailed(options, applier, position, signal),
    apply: async (page) => {
      await applier.offer(page);
      gauges.progress(applier.position, page.headSequence);
    },
    endsAfter: (error) => haltAfter(options, { error, position: applier.position, fence }),
    signal: lease.signal,
    logger,
    metrics,
  });
}

async function waitWhileHalted<E extends { sequence: bigint }, R>(
  { db, feed, logger }: ConsumeFeedOptions<E, R>,
  { signal }: Lease,
  gauges: Gauges,
): Promise<void> {
  for (let waits = 0; !signal.aborted; waits += 1) {
    const { halt } = await readFeedState(db, feed);
    gauges.halted(halt !== undefined);
    if (halt === undefined) return;
    const { sequence, cause } = halt;
    if (waits % haltedLogEvery === 0) {
      logger.error(
        { event: 'feed_halted', feed, sequence: String(sequence), cause },
        'the consumer of the feed is halted',
      );
    }
    await pause(haltedPauseMs, signal);
  }
}

type Failure = { error: unknown; position: bigint; fence: Fence };

/** Stores the halt that a failure means, if it means one; resolves to whether it does. */
async function haltAfter<E extends { sequence: bigint }, R>(
  { db, feed, onHalted, logger }: ConsumeFeedOptions<E, R>,
  { error, position, fence }: Failure,
): Promise<boolean> {
  const halt = haltOf(error, position);
  if (halt === undefined) return false;
  logger.error({ feed, sequence: String(halt.sequence), error }, 'the feed cannot be applied any further');
  return db.transaction(async (tx) => {
    const isStored = await saveHalt(tx, feed, { position, halt }, fence);
    if (isStored) await onHalted?.(tx, halt);
    return isStored;
  });
}

/** The stream, which ends with the cause as soon as something of it cannot be applied. */
async function* readUntilFailed<E extends { sequence: bigint }, R>(
  options: ConsumeFeedOptions<E, R>,
  applier: FeedApplier<E, R>,
  position: FollowedPosition,
  signal: AbortSignal,
): AsyncGenerator<FeedPage<E>> {
  const { failed } = applier;
  const either = AbortSignal.any([signal, failed]);
  try {
    yield* options.findOldest ? skipWhenUnknown(options, applier, position, either) : options.open(position, either);
  } catch (error) {
    if (failed.aborted) throw failed.reason;
    // A feed that does not have the position may have begun anew, which says more.
    const { epoch } = error instanceof OutcryError ? error.metadata : {};
    if (epoch !== undefined) await applier.requireEpoch(epoch);
    throw error;
  }
  failed.throwIfAborted();
}

/** The consumer goes on with the oldest entry that there is, and the gap is logged. */
async function* skipWhenUnknown<E extends { sequence: bigint }, R>(
  { open, findOldest, feed, logger }: ConsumeFeedOptions<E, R>,
  applier: FeedApplier<E, R>,
  position: FollowedPosition,
  signal: AbortSignal,
): AsyncGenerator<FeedPage<E>> {
  try {
    yield* open(position, signal);
  } catch (error) {
    if (findOldest && error instanceof OutcryError && error.reason === ErrorReason.FEED_POSITION_UNKNOWN) {
      const sequence = await findOldest(signal);
      const afterSequence = String(position.afterSequence);
      logger.error({ feed, afterSequence, sequence: String(sequence) }, 'the history has a gap');
      await applier.skipTo(sequence);
    }
    throw error;
  }
}

function createGauges({ metrics, feed }: { metrics: Metrics; feed: string }) {
  const labels = ['feed'];
  const halted = metrics.gauge({
    name: 'outcry_feed_consumer_halted',
    help: '1 while this process holds the lease of a consumer that is halted.',
    labels,
  });
  const position = metrics.gauge({
    name: 'outcry_feed_consumer_position',
    help: 'Sequence of the feed up to which this process has applied it.',
    labels,
  });
  const lag = metrics.gauge({
    name: 'outcry_feed_consumer_lag_entries',
    help: 'Entries of the feed that this process knows of and has not applied.',
    labels,
  });
  const lagTime = measureFeedLag(metrics, feed);
  halted.set({ feed }, 0);
  return {
    halted: (value: boolean) => halted.set({ feed }, value ? 1 : 0),
    progress(applied: bigint, head: bigint) {
      lagTime(applied, head);
      position.set({ feed }, Number(applied));
      lag.set({ feed }, Math.max(0, Number(head - applied)));
    },
  };
}
