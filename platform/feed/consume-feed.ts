/** The one way to consume a feed: one replica at a time, each entry once, in order, in one transaction with the position. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { holdLease, type Lease } from '#platform/postgres/lease.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { pause } from '#platform/time/pause.ts';
import { type ApplyOptions, FeedApplier, type FeedPage } from './feed-applier.ts';
import { type Halt, readFeedState, saveHalt } from './feed-state.ts';
import { followFeed } from './follow-feed.ts';

export type { FeedPage, GroupOptions } from './feed-applier.ts';

/** Which feed to consume, and what to do with its entries. */
export type ConsumeFeedOptions<E extends { sequence: bigint }, R> = ApplyOptions<E, R> & {
  /** Names this process in the lease, unique among replicas. */
  holder: string;
  /** How long a silent holder has the lease, in ms; default 3,000. */
  leaseTtlMs?: number;
  /** Opens the stream of everything after a sequence, heartbeats included. */
  open: (afterSequence: bigint, signal: AbortSignal) => AsyncIterable<FeedPage<E>>;
  /**
   * Where to go on when the feed does not have the entries after the position any more (FEED_POSITION_UNKNOWN). Only for consumers that
   * may have gaps; default: the failure is repeated until an operator acts.
   */
  findOldest?: (signal: AbortSignal) => Promise<bigint>;
  /** Runs in the transaction that stores a halt. */
  onHalted?: (tx: Sql, halt: Halt) => Promise<void>;
  logger: Logger;
  metrics: Metrics;
  /** Aborts to stop and give the lease up. */
  signal: AbortSignal;
};

const haltedPauseMs = 1_000;

/** The lease of a feed's consumer. */
export function consumerLease(feed: string): string {
  return `feed.${feed}`;
}

/**
 * Consumes a feed whenever this process holds the consumer's lease, until the signal aborts. A halted consumer holds the lease and
 * applies nothing until the halt is lifted. Never rejects.
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
  const { db, feed, logger, metrics } = options;
  const { halt } = await readFeedState(db, feed);
  gauges.halted(halt !== undefined);
  if (halt !== undefined) {
    logger.error({ feed, sequence: String(halt.sequence), cause: halt.cause }, 'the consumer of the feed is halted');
    return pause(haltedPauseMs, lease.signal);
  }
  const halting = new AbortController();
  const fence = { leaseName: consumerLease(feed), token: lease.token };
  await using applier = new FeedApplier(options, fence, async (found) => {
    await storeHalt(options, found);
    halting.abort();
  });
  await followFeed<FeedPage<E>>({
    name: feed,
    loadPosition: () => applier.begin(),
    open: (after, signal) => readUntilFailed(options, applier, after, signal),
    apply: async (page) => {
      await applier.offer(page);
      gauges.progress(applier.position, page.headSequence);
    },
    signal: AbortSignal.any([lease.signal, halting.signal]),
    logger,
    metrics,
  });
}

async function storeHalt<E extends { sequence: bigint }, R>(
  { db, feed, onHalted }: ConsumeFeedOptions<E, R>,
  halt: Halt,
): Promise<void> {
  await db.transaction(async (tx) => {
    if (await saveHalt(tx, feed, halt)) await onHalted?.(tx, halt);
  });
}

/** The stream, which ends with the cause as soon as something of it cannot be applied. */
async function* readUntilFailed<E extends { sequence: bigint }, R>(
  options: ConsumeFeedOptions<E, R>,
  applier: FeedApplier<E, R>,
  after: bigint,
  signal: AbortSignal,
): AsyncGenerator<FeedPage<E>> {
  const { failed } = applier;
  const either = AbortSignal.any([signal, failed]);
  try {
    yield* options.findOldest ? skipWhenUnknown(options, applier, after, either) : options.open(after, either);
  } catch (error) {
    throw failed.aborted ? failed.reason : error;
  }
  failed.throwIfAborted();
}

/** The consumer goes on with the oldest entry that there is, and the gap is logged. */
async function* skipWhenUnknown<E extends { sequence: bigint }, R>(
  { open, findOldest, feed, logger }: ConsumeFeedOptions<E, R>,
  applier: FeedApplier<E, R>,
  afterSequence: bigint,
  signal: AbortSignal,
): AsyncGenerator<FeedPage<E>> {
  try {
    yield* open(afterSequence, signal);
  } catch (error) {
    if (findOldest && error instanceof OutcryError && error.reason === ErrorReason.FEED_POSITION_UNKNOWN) {
      const sequence = await findOldest(signal);
      logger.error({ feed, afterSequence: String(afterSequence), sequence: String(sequence) }, 'the history has a gap');
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
  halted.set({ feed }, 0);
  return {
    halted: (value: boolean) => halted.set({ feed }, value ? 1 : 0),
    progress(applied: bigint, head: bigint) {
      position.set({ feed }, Number(applied));
      lag.set({ feed }, Math.max(0, Number(head - applied)));
    },
  };
}
