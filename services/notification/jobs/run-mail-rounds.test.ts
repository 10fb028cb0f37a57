import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '#platform/testing/database.ts';
import type { Outcome } from '../domain/message.ts';
import { createDueTime } from './due-time.ts';
import { createMailWork } from './mail-work.ts';
import { runMailRounds } from './run-mail-rounds.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('runMailRounds', () => {
  it('claims a lone mail within 250 ms, and under load once a second', async () => {
    const dueMails = createDueTime(Date.now);
    const stop = new AbortController();
    const claimedMs: number[] = [];
    const startMs = Date.now();
    let isLoaded = false;
    const running = runMailRounds({
      claim: async () => {
        claimedMs.push(Date.now() - startMs);
        return { deliveries: [], nextDueMs: isLoaded ? Date.now() : undefined };
      },
      record: async () => {},
      work: createMailWork({
        deliver: async () => ({}) as Outcome,
        concurrencyMax: 1,
        claimedMax: 10,
        beginWithinMs: 1_000,
        logger: silentLogger,
      }),
      dueMails,
      nowMs: Date.now,
      lingerMs: 250,
      roundMs: 1_000,
      pollMs: 100_000,
      signal: stop.signal,
      logger: silentLogger,
    });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(claimedMs).toEqual([0]);
    isLoaded = true;
    dueMails.expect(Date.now());
    await vi.advanceTimersByTimeAsync(3_500);
    expect(claimedMs).toEqual([0, 5_250, 6_250, 7_250, 8_250]);
    stop.abort();
    await vi.advanceTimersByTimeAsync(1_000);
    await running;
  });
});
