import { describe, expect, it } from 'vitest';
import { silentLogger } from '#platform/testing/database.ts';
import { pause } from '#platform/time/pause.ts';
import { runPeriodically } from './run-periodically.ts';

describe('runPeriodically', () => {
  it('goes on at once while there is more, and after rounds that fail', async () => {
    const stop = new AbortController();
    let rounds = 0;
    await runPeriodically({
      name: 'test',
      work: async () => {
        rounds += 1;
        if (rounds === 2) throw new Error('once');
        if (rounds === 4) stop.abort();
        return rounds < 4;
      },
      pauseMs: 60_000,
      signal: stop.signal,
      logger: silentLogger,
    });
    expect(rounds).toBe(4);
  });

  it('pauses between rounds, and ends in the middle of a pause', async () => {
    const stop = new AbortController();
    let rounds = 0;
    const work = async () => {
      rounds += 1;
      return false;
    };
    const common = { name: 'test', work, pauseMs: 60_000, signal: stop.signal, logger: silentLogger };
    const running = [runPeriodically(common), runPeriodically({ ...common, pauseFirst: true })];
    await pause(20);
    expect(rounds).toBe(1);
    stop.abort();
    await Promise.all(running);
  });
});
