/** For how long the followers of a process have heard nothing of their feeds. */
import type { Metrics } from '#platform/telemetry/metrics.ts';

/** Notes what a follower hears, from when it begins to follow until it ends. */
export type FeedSilence = { heard(): void; ended(): void };

/** When something was last heard of each feed that is followed, of `performance.now()`. */
const ofProcess = new WeakMap<Metrics, Map<string, number>>();

/**
 * Measures a follower as `outcry_feed_silence_seconds`. A feed that cannot be opened, or of which nothing arrives, leaves the lag of its
 * consumer at what it was: nothing is known of what there is to apply.
 */
export function measureFeedSilence(metrics: Metrics, feed: string): FeedSilence {
  const heardMs = ofProcess.get(metrics) ?? new Map<string, number>();
  ofProcess.set(metrics, heardMs);
  metrics.gauge({
    name: 'outcry_feed_silence_seconds',
    help: 'For how long this process, which follows the feed, has had nothing of it, heartbeats included.',
    labels: ['feed'],
    collect: (gauge) => {
      const nowMs = performance.now();
      gauge.reset();
      for (const [name, sinceMs] of heardMs) gauge.set({ feed: name }, (nowMs - sinceMs) / 1_000);
    },
  });
  return {
    heard: () => void heardMs.set(feed, performance.now()),
    ended: () => void heardMs.delete(feed),
  };
}
