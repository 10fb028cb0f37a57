import { describe, expect, it, vi } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { collectWhenIdle } from './collect-when-idle.ts';

/** Works without a pause until the signal aborts, as seen by the event loop. */
async function workUntil(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const endMs = performance.now() + 20;
    while (performance.now() < endMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('collectWhenIdle', () => {
  it('collects once, when the process has come to rest', async () => {
    const [busy, stop] = [new AbortController(), new AbortController()];
    const collect = vi.fn();
    const collecting = collectWhenIdle({ signal: stop.signal, intervalMs: 200, collect });
    const working = workUntil(busy.signal);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(collect).not.toHaveBeenCalled();
    busy.abort();
    await working;
    await eventually(() => expect(collect).toHaveBeenCalledTimes(1));
    await collecting;
  });

  it('collects with the means of V8', async () => {
    await expect(
      eventually(() => collectWhenIdle({ signal: new AbortController().signal, intervalMs: 50 })),
    ).resolves.toBeUndefined();
  });

  it('ends without one when it is given up', async () => {
    const collect = vi.fn();
    await collectWhenIdle({ signal: AbortSignal.abort(), collect });
    expect(collect).not.toHaveBeenCalled();
  });
});
