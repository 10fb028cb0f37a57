import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Feed } from './follow.ts';
import { inOwnSlot } from './own-slot.ts';

type Json = Record<string, unknown>;

// The parts of a browser that the modules use.
const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
const held = new Set<string>();
const locks = {
  async request(name: string, { ifAvailable, signal }: LockOptions, work: (lock: object | null) => Promise<unknown>) {
    if (ifAvailable === true && held.has(name)) return work(null);
    while (held.has(name)) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      signal?.throwIfAborted();
    }
    held.add(name);
    return work({}).finally(() => held.delete(name));
  },
};

/** A feed whose streams the test feeds by hand; with a slot, that one window reads for all. */
function createFeed(slot?: string) {
  const opened: { say: (message: Json) => void; end: (error?: Error) => void }[] = [];
  const messages: Json[] = [];
  const broken: number[] = [];
  let polls = 0;
  const source = {
    async *stream(signal: AbortSignal) {
      let wake = Promise.withResolvers<Json | undefined>();
      opened.push({
        say: (message) => {
          wake.resolve(message);
        },
        end: (error) => (error === undefined ? wake.resolve(undefined) : wake.reject(error)),
      });
      signal.addEventListener('abort', () => wake.reject(new Error('aborted')));
      for (;;) {
        const message = await wake.promise;
        if (message === undefined) return;
        wake = Promise.withResolvers();
        yield message;
      }
    },
    onMessage: (message: Json) => messages.push(message),
    onBroken: (waitMs: number) => broken.push(waitMs),
  };
  const feed: Feed<Json> =
    slot === undefined
      ? { ...source, poll: async () => [{ poll: ++polls }] }
      : { ...source, inTurn: (signal, work) => inOwnSlot(slot, signal, work) };
  return { feed, opened, messages, broken, pollCount: () => polls };
}

describe('follow', () => {
  let stop: AbortController;
  let follow: typeof import('./follow.ts').follow;
  beforeEach(async () => {
    vi.useFakeTimers();
    vi.stubGlobal('document', page);
    vi.stubGlobal('navigator', { locks });
    for (const name of ['addEventListener', 'removeEventListener']) vi.stubGlobal(name, () => {});
    page.visibilityState = 'visible';
    held.clear();
    vi.resetModules();
    ({ follow } = await import('./follow.ts'));
    stop = new AbortController();
  });
  afterEach(async () => {
    stop.abort();
    await vi.advanceTimersByTimeAsync(0);
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('opens a stream again that broke, later and later, and says when', async () => {
    const { feed, opened, messages, broken } = createFeed();
    void follow(feed, stop.signal);
    await vi.advanceTimersByTimeAsync(0);
    opened[0]?.say({ price: 1 });
    await vi.advanceTimersByTimeAsync(0);
    opened[0]?.end(new Error('broken'));
    await vi.advanceTimersByTimeAsync(250);
    opened[1]?.end(new Error('refused'));
    await vi.advanceTimersByTimeAsync(200);
    expect(opened.length).toBe(2);
    await vi.advanceTimersByTimeAsync(300);
    opened[2]?.say({ price: 2 });
    await vi.advanceTimersByTimeAsync(0);
    expect(messages).toEqual([{ price: 1 }, { price: 2 }]);
    expect(broken).toHaveLength(2);
    expect(broken[1]).toBeGreaterThan(250);
  });

  it('opens a stream again that ended by intention, and does not call that broken', async () => {
    const { feed, opened, broken } = createFeed();
    void follow(feed, stop.signal);
    await vi.advanceTimersByTimeAsync(0);
    opened[0]?.say({ price: 1 });
    await vi.advanceTimersByTimeAsync(0);
    opened[0]?.end();
    await vi.advanceTimersByTimeAsync(250);
    expect([opened.length, broken]).toEqual([2, []]);
  });

  it('gives up a stream that fell silent', async () => {
    const { feed, opened } = createFeed();
    void follow(feed, stop.signal);
    await vi.advanceTimersByTimeAsync(20_000);
    opened[0]?.say({ heartbeat: {} });
    await vi.advanceTimersByTimeAsync(29_000);
    expect(opened.length).toBe(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(opened.length).toBe(2);
  });

  it('calls once a second while other windows have all streams, and takes one when it is free', async () => {
    for (let slot = 0; slot < 4; slot++) held.add(`outcry.stream.${slot}`);
    const { feed, opened, messages, pollCount } = createFeed();
    void follow(feed, stop.signal);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(pollCount()).toBeGreaterThanOrEqual(4);
    expect(messages[0]).toEqual({ poll: 1 });
    expect(opened.length).toBe(0);
    held.delete('outcry.stream.2');
    await vi.advanceTimersByTimeAsync(4_000);
    expect([opened.length, held.has('outcry.stream.2')]).toEqual([1, true]);
  });

  it('only calls for a feed that leaves the streams to others, though there are some', async () => {
    const { feed, opened, messages } = createFeed();
    void follow({ ...feed, isPolled: true } as Feed<Json>, stop.signal);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(messages.length).toBeGreaterThanOrEqual(8);
    expect([opened.length, held.size]).toEqual([0, 0]);
  });

  it('pauses once the page was hidden for 10 s, and goes on when it is shown', async () => {
    const { feed, opened } = createFeed();
    const show = (visibilityState: string) => {
      page.visibilityState = visibilityState;
      page.dispatchEvent(new Event('visibilitychange'));
    };
    void follow(feed, stop.signal);
    await vi.advanceTimersByTimeAsync(0);
    show('hidden');
    await vi.advanceTimersByTimeAsync(9_000);
    show('visible');
    show('hidden');
    await vi.advanceTimersByTimeAsync(9_500);
    expect(held.size).toBe(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([held.size, opened.length]).toEqual([0, 1]);
    show('visible');
    await vi.advanceTimersByTimeAsync(0);
    expect([held.size, opened.length]).toEqual([1, 2]);
  });

  it('drops what was sent while the page slept, and opens the stream again', async () => {
    const { feed, opened, messages, broken } = createFeed();
    const onPaused = vi.fn();
    void follow({ ...feed, onPaused }, stop.signal);
    await vi.advanceTimersByTimeAsync(0);
    // No timer of the page runs meanwhile, and those that are due run after what has come.
    vi.setSystemTime(Date.now() + 6_000);
    opened[0]?.say({ price: 1 });
    await vi.advanceTimersByTimeAsync(0);
    opened[1]?.say({ price: 2 });
    await vi.advanceTimersByTimeAsync(0);
    expect([opened.length, messages, broken]).toEqual([2, [{ price: 2 }], []]);
    vi.setSystemTime(Date.now() + 6_000);
    await vi.advanceTimersByTimeAsync(250);
    expect([opened.length, held.size, onPaused.mock.calls.length]).toEqual([3, 1, 2]);
  });

  it('frees its stream when it is stopped', async () => {
    const { feed, opened } = createFeed();
    const done = follow(feed, stop.signal);
    await vi.advanceTimersByTimeAsync(0);
    expect(held.size).toBe(1);
    stop.abort();
    await done;
    expect([held.size, opened.length]).toEqual([0, 1]);
  });

  it('reads what one window reads for all in a slot of its own, and waits for it without a call', async () => {
    for (let slot = 0; slot < 4; slot++) held.add(`outcry.stream.${slot}`);
    held.add('outcry.stream.inbox');
    const { feed, opened } = createFeed('inbox');
    void follow(feed, stop.signal);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(opened.length).toBe(0);
    held.delete('outcry.stream.inbox');
    await vi.advanceTimersByTimeAsync(10);
    expect([opened.length, held.has('outcry.stream.inbox')]).toEqual([1, true]);
  });

  it('waits no longer for a slot once it is stopped', async () => {
    held.add('outcry.stream.inbox');
    const { feed, opened, broken } = createFeed('inbox');
    const done = follow(feed, stop.signal);
    await vi.advanceTimersByTimeAsync(1_000);
    stop.abort();
    await vi.advanceTimersByTimeAsync(10);
    await done;
    held.delete('outcry.stream.inbox');
    await vi.advanceTimersByTimeAsync(1_000);
    expect([opened.length, broken]).toEqual([0, []]);
  });
});
