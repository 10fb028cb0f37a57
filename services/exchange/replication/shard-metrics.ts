import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { ExchangeDeps } from './exchange-deps.ts';
import type { ShardHolder } from './shard-replica.ts';
import type { Term } from './term.ts';

const ofServed = {
  outcry_exchange_feed_sequence: ['Sequence of the last committed event.', (t: Term) => t.head().sequence],
  outcry_exchange_resting_orders: ['Orders that rest in the books.', (t: Term) => t.head().restingCount],
  outcry_exchange_snapshot_sequence: ['Sequence of the newest snapshot; 0: none.', (t: Term) => t.snapshots.sequence],
  outcry_exchange_followers: ['Followers of the feed.', (t: Term) => t.feed.followerCount],
  outcry_exchange_queue_length_commands: ['Commands that wait for the book.', (t: Term) => t.queueLength()],
} as const;

const ofAll = {
  outcry_exchange_serving: [
    'Whether the shard is served here: 1 or 0.',
    (h: ShardHolder) => Number(h.state === 'serving'),
  ],
  outcry_exchange_group_number: [
    'Last group that the engine carried out.',
    (h: ShardHolder) => h.progress().groupNumber,
  ],
} as const;

/** Adds gauges for each shard that is served here, or followed. */
export function measureExchange(metrics: Metrics, { holders, waitingRoom }: ExchangeDeps): void {
  const labels = ['shard'];
  for (const [name, [help, read]] of Object.entries(ofServed)) {
    metrics.gauge({
      ...{ name, help, labels },
      collect: (gauge) => {
        gauge.reset();
        for (const [shard, holder] of holders) {
          const term = holder.running();
          if (term) gauge.labels(String(shard)).set(read(term));
        }
      },
    });
  }
  for (const [name, [help, read]] of Object.entries(ofAll)) {
    metrics.gauge({
      ...{ name, help, labels },
      collect: (gauge) => {
        for (const [shard, holder] of holders) gauge.labels(String(shard)).set(read(holder));
      },
    });
  }
  metrics.gauge({
    name: 'outcry_exchange_waiting_items',
    help: 'Items of calls that wait for a process that serves their shard.',
    collect: (gauge) => gauge.set(waitingRoom.items),
  });
}
