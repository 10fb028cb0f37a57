import { describe, expect, it } from 'vitest';
import { type MessageSource, type StreamTimes, serveStream } from './serve-stream.ts';

const times: StreamTimes = { heartbeatMs: 5_000, ageMaxMs: 5_000, pauseMs: 0 };

function createQueue() {
  const waiting: string[] = [];
  let wake = () => {};
  let disposed = false;
  return {
    push(message: string) {
      waiting.push(message);
      wake();
    },
    get disposed() {
      return disposed;
    },
    open(onReady: () => void): MessageSource<string> {
      wake = onReady;
      return {
        take: () => waiting.shift(),
        [Symbol.dispose]() {
          disposed = true;
        },
      };
    },
  };
}

function run(
  queue: ReturnType<typeof createQueue>,
  changes: Partial<StreamTimes>,
  signal = new AbortController().signal,
) {
  const heartbeat = () => 'heartbeat';
  return serveStream(queue.open, { ...times, ...changes, signal, heartbeat, end: () => 'end' });
}

describe('serveStream', () => {
  it('sends what comes, a heartbeat in silence, and an end at its age', async () => {
    const queue = createQueue();
    queue.push('first');
    const received: string[] = [];
    for await (const message of run(queue, { heartbeatMs: 40, ageMaxMs: 1_000 })) {
      received.push(message);
      if (received.length === 2) queue.push('second');
    }
    expect(received.slice(0, 3)).toEqual(['first', 'heartbeat', 'second']);
    expect(received.at(-1)).toBe('end');
    expect(queue.disposed).toBe(true);
  });

  it('wakes for a message that comes while it sleeps', async () => {
    const queue = createQueue();
    const stream = run(queue, {});
    const next = stream.next();
    setTimeout(() => queue.push('late'), 10);
    expect(await next).toEqual({ done: false, value: 'late' });
    await stream.return();
    expect(queue.disposed).toBe(true);
  });

  it('keeps the pause between two messages', async () => {
    const queue = createQueue();
    for (const message of ['a', 'b', 'c']) queue.push(message);
    const stream = run(queue, { pauseMs: 30 });
    const startMs = performance.now();
    for (let i = 0; i < 3; i += 1) await stream.next();
    expect(performance.now() - startMs).toBeGreaterThan(55);
    await stream.return();
  });

  it('ends with a message when the server asks, from the middle of a sleep', async () => {
    const queue = createQueue();
    const stop = new AbortController();
    const stream = run(queue, {}, stop.signal);
    const next = stream.next();
    setTimeout(() => stop.abort(), 10);
    expect(await next).toEqual({ done: false, value: 'end' });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(queue.disposed).toBe(true);
  });
});
