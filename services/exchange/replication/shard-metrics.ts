import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { PendingCalls } from './pending-calls.ts';
import type { ShardReplica } from './shard-replica.ts';
import type { Term } from './term.ts';

/** What is measured of a replica. */
export type MeasuredReplica = Pick<ShardReplica, 'state' | 'clockFaults' | 'progress' | 'running' | 'holdsLease'>;

type Measured = { replicas: ReadonlyMap<number, MeasuredReplica>; pendingCalls: Pick<PendingCalls, 'items'> };

const termGauges = {
  outcry_exchange_feed_sequence: ['Sequence of the last committed event.', (t: Term) => t.head().sequence],
  outcry_exchange_resting_orders: ['Orders that rest in the books.', (t: Term) => t.head().restingCount],
  outcry_exchange_snapshot_sequence: ['Sequence of the newest snapshot; 0: none.', (t: Term) => t.snapshots.sequence],
  outcry_exchange_feed_start_sequence: [
    'Sequence after which the feed has its events; earlier ones were deleted.',
    (t: Term) => t.feed.start,
  ],
  outcry_exchange_followers: ['Followers of the feed.', (t: Term) => t.feed.followerCount],
  outcry_exchange_time_ahead_ms: ['How far the journalled time is ahead of the clock.', (t: Term) => t.timeAheadMs()],
  outcry_exchange_queue_length_commands: ['Commands that wait for the book.', (t: Term) => t.queueLength()],
} as const;

const replicaGauges = {
  outcry_exchange_serving: [
    'Whether the shard is served here, with a lease that is certainly held: 1 or 0.',
    (h: MeasuredReplica) => Number(h.state === 'serving' && h.holdsLease()),
  ],
  outcry_exchange_clock_faults: [
    'Times that the shard was given up here, or not taken, as the clock had jumped.',
    (h: MeasuredReplica) => h.clockFaults,
  ],
  outcry_exchange_group_number: [
    'Last group that the engine carried out.',
    (h: MeasuredReplica) => h.progress().groupNumber,
  ],
} as const;

/** Registers the gauges of each shard that is served or followed here, and of the pending calls. */
export function registerShardMetrics(metrics: Metrics, { replicas, pendingCalls }: Measured): void {
  const labels = ['shard'];
  for (const [name, [help, read]] of Object.entries(termGauges)) {
    metrics.gauge({
      ...{ name, help, labels },
      collect: (gauge) => {
        gauge.reset();
        for (const [shard, replica] of replicas) {
          const term = replica.running();
          if (term) gauge.labels(String(shard)).set(read(term));
        }
      },
    });
  }
  for (const [name, [help, read]] of Object.entries(replicaGauges)) {
    metrics.gauge({
      ...{ name, help, labels },
      collect: (gauge) => {
        for (const [shard, replica] of replicas) gauge.labels(String(shard)).set(read(replica));
      },
    });
  }
  metrics.gauge({
    name: 'outcry_exchange_waiting_items',
    help: 'Items of calls that wait for a process that serves their shard.',
    collect: (gauge) => gauge.set(pendingCalls.items),
  });
}
