import { describe, expect, it } from 'vitest';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { pause } from '#platform/time/pause.ts';
import { measureFeedLag } from './feed-lag.ts';

describe('measureFeedLag', () => {
  it('counts from when a feed was left behind until it is applied to its end, each feed by itself', async () => {
    const metrics = createMetrics('test');
    const [one, two] = [measureFeedLag(metrics, 'one'), measureFeedLag(metrics, 'two')];
    const read = async () => {
      const text = await metrics.registry.metrics();
      return ['one', 'two'].map((feed) =>
        Number(text.match(new RegExp(`lag_seconds\\{feed="${feed}".*\\} (\\S+)`))?.[1]),
      );
    };
    expect(await read()).toEqual([0, 0]);
    one(1n, 5n);
    two(5n, 5n);
    await pause(60);
    one(3n, 9n);
    const [lag, none] = await read();
    expect(lag).toBeGreaterThanOrEqual(0.05);
    expect(none).toBe(0);
    one(9n, 9n);
    expect(await read()).toEqual([0, 0]);
  });
});
