/** How far a process is behind what it follows and publishes, from its metrics. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { FeedLagSchema, OutboxBacklogSchema, QueueLagSchema } from '#gen/outcry/process/v1/process_pb.ts';
import { queueLagGauge } from '#platform/bus/postgres/queue-lag.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { readGauge } from '#platform/telemetry/read-gauge.ts';
import { durationOf } from './duration-of.ts';

/** The feeds that the process follows, by name, at most `limit`. */
export async function readFeedLags(metrics: Metrics, limit: number): Promise<MessageInitShape<typeof FeedLagSchema>[]> {
  const read = (name: string) => readGauge(metrics, name, 'feed');
  const [behind, silence, positions, entries, halts] = await Promise.all([
    read('outcry_feed_consumer_lag_seconds'),
    read('outcry_feed_silence_seconds'),
    read('outcry_feed_consumer_position'),
    read('outcry_feed_consumer_lag_entries'),
    read('outcry_feed_consumer_halted'),
  ]);
  // A consumer whose lease another process holds has a lag of nothing.
  const feeds = [...new Set([...silence.keys(), ...halts.keys()])].filter(
    (feed) => silence.has(feed) || halts.get(feed) === 1,
  );
  return feeds
    .toSorted()
    .slice(0, limit)
    .map((feed) => ({
      feed,
      position: BigInt(positions.get(feed) ?? 0),
      entriesBehind: BigInt(entries.get(feed) ?? 0),
      ...timeOf('behind', behind.get(feed)),
      ...timeOf('silence', silence.get(feed)),
      halted: halts.get(feed) === 1,
    }));
}

/** The queues that the process reads, by name, at most `limit`. */
export async function readQueueLags(
  metrics: Metrics,
  limit: number,
): Promise<MessageInitShape<typeof QueueLagSchema>[]> {
  const behind = [...(await readGauge(metrics, queueLagGauge, 'queue'))].map(([queue, events]) => ({
    queue,
    eventsBehind: BigInt(Math.max(0, events)),
  }));
  return behind.toSorted((one, other) => (one.queue < other.queue ? -1 : 1)).slice(0, limit);
}

/** What the outbox has left, as it was last counted; undefined in a process without one. */
export async function readOutbox(metrics: Metrics): Promise<MessageInitShape<typeof OutboxBacklogSchema> | undefined> {
  const [events, age] = await Promise.all([
    readGauge(metrics, 'outcry_outbox_backlog_events'),
    readGauge(metrics, 'outcry_outbox_oldest_age_seconds'),
  ]);
  const count = events.get('');
  if (count === undefined) return undefined;
  return { events: BigInt(count), oldestAge: durationOf((age.get('') ?? 0) * 1_000) };
}

function timeOf(field: 'behind' | 'silence', seconds: number | undefined) {
  return seconds === undefined ? {} : { [field]: durationOf(seconds * 1_000) };
}
