import { describe, expect, it } from 'vitest';
import { createNotifier } from '#platform/concurrency/notifier.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { runWorkerPool } from './run-worker-pool.ts';

function startQueue(items: number[], work: (item: number) => Promise<void>, failClaims = 0) {
  const stop = new AbortController();
  const notifier = createNotifier();
  const claims: number[] = [];
  const ended = runWorkerPool<number>({
    name: 'test',
    claim: async (limit) => {
      claims.push(limit);
      if (claims.length <= failClaims) throw new Error('no database');
      return items.splice(0, limit);
    },
    work,
    concurrencyMax: 3,
    idleMs: 60_000,
    notifier,
    signal: stop.signal,
    logger: silentLogger,
  });
  return { claims, notifier, stop: () => stop.abort(), ended };
}

describe('runWorkerPool', () => {
  it('works on all that waits, never on more than the bound at once', async () => {
    let now = 0;
    let most = 0;
    const done: number[] = [];
    const queue = startQueue([1, 2, 3, 4, 5, 6, 7], async (item) => {
      most = Math.max(most, ++now);
      await pause(5);
      now -= 1;
      done.push(item);
    });
    await eventually(() => expect(done).toHaveLength(7));
    expect(most).toBe(3);
    expect(Math.max(...queue.claims)).toBe(3);
    queue.stop();
    await queue.ended;
  });

  it('rests when nothing is due until it is woken', async () => {
    const items: number[] = [];
    const done: number[] = [];
    const queue = startQueue(items, async (item) => void done.push(item));
    await eventually(() => expect(queue.claims).toHaveLength(1));
    items.push(1);
    queue.notifier.notify();
    await eventually(() => expect(done).toEqual([1]));
    queue.stop();
    await queue.ended;
  });

  it('goes on after a claim or an item that fails', async () => {
    const done: number[] = [];
    const work = async (item: number) => {
      if (item === 1) throw new Error('bad item');
      done.push(item);
    };
    const queue = startQueue([1, 2], work, 2);
    await eventually(() => expect(done).toEqual([2]));
    queue.stop();
    await queue.ended;
  });

  it('waits at its end for the items in progress', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const queue = startQueue([1], () => promise);
    let isOver = false;
    void queue.ended.then(() => {
      isOver = true;
    });
    await eventually(() => expect(queue.claims.length).toBeGreaterThan(0));
    queue.stop();
    await pause(20);
    expect(isOver).toBe(false);
    resolve();
    await queue.ended;
  });
});
