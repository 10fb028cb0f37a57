import { afterEach, describe, expect, it, vi } from 'vitest';
import { demotionMsMax, inRole, openInRole } from './in-role.ts';
import { abortOf, fixedRole, type Role } from './role.ts';

afterEach(() => void vi.useRealTimers());

/** A role that the test switches. */
function switchedRole() {
  let waiting = Promise.withResolvers<void>();
  let demotion: AbortController | undefined;
  const role: Role = {
    isPromoted: () => demotion !== undefined,
    isSwitched: true,
    isMirror: false,
    async promotion(signal) {
      while (demotion === undefined && !signal.aborted) await Promise.race([waiting.promise, abortOf(signal)]);
      return signal.aborted || demotion === undefined ? undefined : AbortSignal.any([demotion.signal, signal]);
    },
    [Symbol.dispose]: () => {},
  };
  return {
    role,
    promote() {
      demotion = new AbortController();
      waiting.resolve();
      waiting = Promise.withResolvers();
    },
    demote() {
      demotion?.abort();
      demotion = undefined;
    },
  };
}

/** Tasks that note when they begin and end. */
function notedTasks() {
  const notes: string[] = [];
  const start = (signal: AbortSignal) => [
    (async () => {
      notes.push('begin');
      await abortOf(signal);
      notes.push('end');
    })(),
  ];
  return { notes, start };
}

const poll = (read: () => unknown) => expect.poll(read, { timeout: 5_000, interval: 5 });

describe('inRole', () => {
  it('starts work at once where the role is fixed, until the app drains', async () => {
    const stop = new AbortController();
    const { notes, start } = notedTasks();
    const running = inRole({ role: fixedRole(), signal: stop.signal }, start);
    expect(notes).toEqual(['begin']);
    stop.abort();
    await running;
    expect(notes).toEqual(['begin', 'end']);
  });

  it('starts work at each promotion, ends it at each demotion, and for good with the app', async () => {
    const stop = new AbortController();
    const { role, promote, demote } = switchedRole();
    const { notes, start } = notedTasks();
    const running = inRole({ role, signal: stop.signal }, start);
    await Promise.resolve();
    expect(notes).toEqual([]);
    promote();
    await poll(() => notes).toEqual(['begin']);
    demote();
    await poll(() => notes).toEqual(['begin', 'end']);
    promote();
    await poll(() => notes).toEqual(['begin', 'end', 'begin']);
    stop.abort();
    await running;
    expect(notes).toEqual(['begin', 'end', 'begin', 'end']);
  });

  it('ends without having started work in a canary that was never promoted', async () => {
    const stop = new AbortController();
    const { notes, start } = notedTasks();
    const running = inRole({ role: switchedRole().role, signal: stop.signal }, start);
    stop.abort();
    await running;
    expect(notes).toEqual([]);
  });

  it('rejects when work goes on for too long after a demotion, so that the process ends', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { role, promote, demote } = switchedRole();
    let started = false;
    const running = inRole({ role, signal: new AbortController().signal }, () => {
      started = true;
      return [new Promise(() => {})];
    });
    const failed = expect(running).rejects.toThrow('did not end in time');
    promote();
    await vi.advanceTimersByTimeAsync(demotionMsMax * 2);
    expect(started).toBe(true);
    demote();
    await vi.advanceTimersByTimeAsync(demotionMsMax);
    await failed;
  });
});

describe('openInRole', () => {
  it('opens a resource at each promotion and closes it at the demotion', async () => {
    const stop = new AbortController();
    const { role, promote, demote } = switchedRole();
    const resources: AsyncDisposable[] = [];
    let open = 0;
    const app = { role, signal: stop.signal, onDispose: (resource: AsyncDisposable) => void resources.push(resource) };
    await openInRole(app, async () => {
      open += 1;
      return {
        async [Symbol.asyncDispose]() {
          open -= 1;
        },
      };
    });
    expect(open).toBe(0);
    promote();
    await poll(() => open).toBe(1);
    demote();
    await poll(() => open).toBe(0);
    promote();
    await poll(() => open).toBe(1);
    stop.abort();
    for (const resource of resources) await resource[Symbol.asyncDispose]();
    expect(open).toBe(0);
  });

  it('waits for the resource where the role is fixed', async () => {
    const resources: AsyncDisposable[] = [];
    const resource = { [Symbol.asyncDispose]: async () => {} };
    const onDispose = (one: AsyncDisposable) => void resources.push(one);
    await openInRole({ role: fixedRole(), signal: new AbortController().signal, onDispose }, async () => resource);
    expect(resources).toEqual([resource]);
  });
});
