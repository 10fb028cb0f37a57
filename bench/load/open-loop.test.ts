import { describe, expect, it } from 'vitest';
import { pause } from '#platform/time/pause.ts';
import { runOpenLoop } from './open-loop.ts';

const { signal } = new AbortController();

describe('runOpenLoop', () => {
  it('begins every call at its time, though none has been answered', async () => {
    const dueMs = Float64Array.from([0, 5, 10, 15, 20]);
    const begun: number[] = [];
    const never = new Promise<void>(() => {});
    const startTimeMs = performance.now();
    const { lagMs, unfinished } = await runOpenLoop({
      dueMs,
      call: (index, dueTimeMs) => {
        begun.push(index);
        expect(dueTimeMs - startTimeMs).toBeGreaterThanOrEqual((dueMs[index] as number) - 0.001);
        return never;
      },
      drainMs: 20,
      signal,
    });
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    expect(unfinished).toBe(5);
    expect(lagMs.every((lag) => lag >= 0)).toBe(true);
  });

  it('counts from the time a call was due when the generator was held up', async () => {
    const latenciesMs: number[] = [];
    await runOpenLoop({
      dueMs: Float64Array.from([0, 1, 2]),
      call: async (index, dueTimeMs) => {
        if (index === 0) {
          const until = performance.now() + 30;
          while (performance.now() < until);
        }
        await pause(0);
        latenciesMs.push(performance.now() - dueTimeMs);
      },
      drainMs: 1_000,
      signal,
    });
    expect(Math.min(...latenciesMs)).toBeGreaterThan(25);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const running = runOpenLoop({
      dueMs: Float64Array.from({ length: 1_000 }, (_, index) => index),
      call: async (index) => {
        if (index === 10) stop.abort(new Error('enough'));
      },
      drainMs: 0,
      signal: stop.signal,
    });
    await expect(running).rejects.toThrow('enough');
  });
});
