import { followFeed } from '#platform/feed/follow-feed.ts';
import { readPosition } from '#platform/feed/position.ts';
import { holdLease, type Lease } from '#platform/postgres/lease.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { Saga } from '../deps.ts';
import { carryOutCancel } from '../saga/cancel-order.ts';
import { positionName } from '../store/change-watch.ts';
import { keepEpoch } from '../store/keep-epoch.ts';
import { applyFeed } from './apply-events.ts';

/** Which feed to follow, and as whom. */
export type FollowerOptions = {
  saga: Saga;
  shard: number;
  /** Names this process among the replicas. */
  holder: string;
  metrics: Metrics;
  signal: AbortSignal;
  /** How long a silent replica keeps the role, in ms; default 3 s. */
  leaseTtlMs?: number;
};

/** Follows a shard's feed whenever this replica holds its lease, until the signal aborts. */
export function runFollower(options: FollowerOptions): Promise<void> {
  const { saga, shard, holder, signal, leaseTtlMs } = options;
  const name = `order-feed-${shard}`;
  return holdLease({
    db: saga.db,
    name,
    holder,
    ttlMs: leaseTtlMs,
    logger: saga.logger,
    signal,
    whileHeld: (lease) => followWhileHeld(options, name, lease),
  });
}

async function followWhileHeld(
  { saga, shard, metrics }: FollowerOptions,
  leaseName: string,
  lease: Lease,
): Promise<void> {
  const holder = { shard, leaseName, leaseToken: lease.token };
  let position = 0n;
  let keptEpoch: string | undefined;
  await followFeed({
    name: positionName(shard),
    signal: lease.signal,
    logger: saga.logger,
    metrics,
    loadPosition: async () => {
      position = await readPosition(saga.db, positionName(shard));
      return position;
    },
    open: (after, signal) => saga.clients.exchangeFeed.follow({ shard, afterSequence: after }, { signal }),
    apply: async ({ events, epoch }) => {
      if (epoch !== keptEpoch) await keepEpoch(saga.db, shard, epoch);
      keptEpoch = epoch;
      const last = events.at(-1);
      if (last === undefined) return;
      const toCancel = await applyFeed(saga, holder, position, events);
      position = last.sequence;
      for (const order of toCancel) void carryOutCancel(saga, order);
    },
  });
}
