/** For how long the consumers of a process have been behind their feeds. */
import type { Metrics } from '#platform/telemetry/metrics.ts';

/** Notes how far a feed is applied. */
export type FeedLag = (applied: bigint, head: bigint) => void;

/** Times since when a feed is not applied to the end that was known, of `performance.now()`; undefined: it is. */
const ofProcess = new WeakMap<Metrics, Map<string, number | undefined>>();

/** Measures a feed as `outcry_feed_consumer_lag_seconds`. A feed with a name that is measured already goes on with it. */
export function measureFeedLag(metrics: Metrics, feed: string): FeedLag {
  const behindSince = ofProcess.get(metrics) ?? new Map<string, number | undefined>();
  ofProcess.set(metrics, behindSince);
  behindSince.set(feed, undefined);
  metrics.gauge({
    name: 'outcry_feed_consumer_lag_seconds',
    help: 'How long this process has not applied all of the feed that it knew of; 0: it has.',
    labels: ['feed'],
    collect: (gauge) => {
      const nowMs = performance.now();
      for (const [name, sinceMs] of behindSince) gauge.set({ feed: name }, (nowMs - (sinceMs ?? nowMs)) / 1_000);
    },
  });
  return (applied, head) => {
    const sinceMs = behindSince.get(feed) ?? performance.now();
    behindSince.set(feed, applied < head ? sinceMs : undefined);
  };
}
