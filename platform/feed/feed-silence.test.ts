import { describe, expect, it } from 'vitest';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { followFeed } from './follow-feed.ts';

const metrics = createMetrics('test');

async function readSilence(feed: string): Promise<number | undefined> {
  const text = await metrics.registry.metrics();
  const found = text.match(new RegExp(`outcry_feed_silence_seconds\\{feed="${feed}".*\\} (\\S+)`));
  return found === null ? undefined : Number(found[1]);
}

/** Follows a feed until disposed; `open` is its stream. */
function follow(name: string, open: (signal: AbortSignal) => AsyncIterable<string>): AsyncDisposable {
  const closing = new AbortController();
  const following = followFeed<string>({
    name,
    loadPosition: async () => 0n,
    open: (_after, signal) => open(signal),
    apply: async () => {},
    signal: closing.signal,
    logger: silentLogger,
    metrics,
  });
  return {
    async [Symbol.asyncDispose]() {
      closing.abort();
      await following;
    },
  };
}

describe('outcry_feed_silence_seconds', () => {
  it('grows while nothing arrives and while the feed cannot be opened, and begins anew with each message', async () => {
    await using _silent = follow('silent', async function* (signal) {
      yield 'the only message';
      await pause(60_000, signal);
    });
    await using _away = follow('away', () => {
      throw new Error('the feed is away');
    });
    await using _lively = follow('lively', async function* (signal) {
      while (!signal.aborted) {
        yield 'a message';
        await pause(20, signal);
      }
    });
    await eventually(async () => {
      const lively = (await readSilence('lively')) ?? Number.NaN;
      expect(await readSilence('silent')).toBeGreaterThan(2 * lively + 0.3);
      expect(await readSilence('away')).toBeGreaterThan(2 * lively + 0.3);
    });
  });

  it('is gone when nothing follows the feed any more', async () => {
    {
      await using _follower = follow('ended', async function* () {
        yield 'a message';
      });
      expect(await readSilence('ended')).toBeGreaterThanOrEqual(0);
    }
    expect(await readSilence('ended')).toBeUndefined();
  });
});
