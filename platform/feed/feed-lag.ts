/** For how long the consumers of a process have been behind their feeds. */
import type { Metrics } from '#platform/telemetry/metrics.ts';

/** Notes how far a feed is applied, and how far it goes. */
export type FeedLag = (applied: bigint, head: bigint) => void;

/** An end of the feed, and when it was first heard of, by `performance.now()`. */
type Mark = { head: bigint; timeMs: number };

/** The ends that were heard of and are not applied yet, the oldest first, by feed. */
type MarksByFeed = Map<string, Mark[]>;

const ofProcess = new WeakMap<Metrics, MarksByFeed>();
const marksMax = 1_000;
// A head moves with every event, and its age matters to a tenth of a second only.
const spacingMs = 100;

/** Measures a feed as `outcry_feed_consumer_lag_seconds`. A feed with a name that is measured already goes on with it. */
export function measureFeedLag(metrics: Metrics, feed: string): FeedLag {
  const marks: Mark[] = [];
  const byFeed: MarksByFeed = ofProcess.get(metrics) ?? new Map();
  ofProcess.set(metrics, byFeed);
  byFeed.set(feed, marks);
  metrics.gauge({
    name: 'outcry_feed_consumer_lag_seconds',
    help: 'How long ago this process heard of the oldest part of the feed that it has not applied; 0: it has applied all.',
    labels: ['feed'],
    collect: (gauge) => {
      const nowMs = performance.now();
      for (const [name, [oldest]] of byFeed) gauge.set({ feed: name }, (nowMs - (oldest?.timeMs ?? nowMs)) / 1_000);
    },
  });
  return (applied, head) => note(byFeed.get(feed) ?? marks, applied, head);
}

function note(marks: Mark[], applied: bigint, head: bigint): void {
  const open = marks.findIndex((mark) => mark.head > applied);
  marks.splice(0, open === -1 ? marks.length : open);
  const nowMs = performance.now();
  const last = marks.at(-1);
  const isNew = last === undefined || (head > last.head && nowMs - last.timeMs >= spacingMs);
  if (head > applied && isNew) marks.push({ head, timeMs: nowMs });
  // After an outage of minutes every second mark does: what stands between two is as old as the first of them, at most.
  if (marks.length > marksMax) marks.splice(0, marks.length, ...marks.filter((_, index) => index % 2 === 0));
}
