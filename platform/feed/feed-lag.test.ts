import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMetrics, type Metrics } from '#platform/telemetry/metrics.ts';
import { measureFeedLag } from './feed-lag.ts';

async function readLags(metrics: Metrics, feeds: readonly string[]): Promise<number[]> {
  const text = await metrics.registry.metrics();
  return feeds.map((feed) => Number(text.match(new RegExp(`lag_seconds\\{feed="${feed}".*\\} (\\S+)`))?.[1]));
}

describe('measureFeedLag', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('counts from when the oldest part that is not applied was heard of, each feed by itself', async () => {
    const metrics = createMetrics('test');
    const [one, two] = [measureFeedLag(metrics, 'one'), measureFeedLag(metrics, 'two')];
    const read = () => readLags(metrics, ['one', 'two']);
    expect(await read()).toEqual([0, 0]);
    one(1n, 5n);
    two(5n, 5n);
    vi.advanceTimersByTime(4_000);
    one(3n, 9n);
    vi.advanceTimersByTime(1_000);
    expect(await read()).toEqual([5, 0]);
    one(5n, 9n);
    expect(await read()).toEqual([1, 0]);
    one(9n, 9n);
    expect(await read()).toEqual([0, 0]);
  });

  it('is small for a consumer that is never at the end of a busy feed, and never far from it', async () => {
    const metrics = createMetrics('test');
    const note = measureFeedLag(metrics, 'busy');
    for (let head = 2n; head < 2_000n; head += 2n) {
      vi.advanceTimersByTime(10);
      note(head - 1n, head);
    }
    const [lag] = await readLags(metrics, ['busy']);
    expect(lag).toBeLessThan(0.2);
  });

  it('remembers a bounded number of ends, and is right about the oldest part all the same', async () => {
    const metrics = createMetrics('test');
    const note = measureFeedLag(metrics, 'long');
    for (let head = 1n; head <= 5_000n; head++) {
      note(0n, head);
      vi.advanceTimersByTime(1_000);
    }
    note(2_500n, 5_000n);
    const [lag] = await readLags(metrics, ['long']);
    expect(lag).toBeGreaterThan(2_480);
    expect(lag).toBeLessThan(2_520);
  });
});
