import { describe, expect, it } from 'vitest';
import { DeadlineClock } from './deadline-clock.ts';
import { pause } from './pause.ts';

describe('DeadlineClock', () => {
  it('calls each deadline once, in order, never early', async () => {
    const clock = new DeadlineClock();
    const calls: { name: string; lateMs: number }[] = [];
    const all = Promise.withResolvers<void>();
    const add = (name: string, inMs: number) => {
      const timeMs = Date.now() + inMs;
      clock.add(timeMs, {
        onDeadline: () => {
          calls.push({ name, lateMs: Date.now() - timeMs });
          if (calls.length === 4) all.resolve();
        },
      });
    };
    add('far', 400);
    add('near', 40);
    add('passed', -5);
    add('nearest', 10.5);
    await all.promise;
    await pause(20);
    expect(calls.map(({ name }) => name)).toEqual(['passed', 'nearest', 'near', 'far']);
    expect(calls.every(({ lateMs }) => lateMs >= -0.001)).toBe(true);
  });

  it('does not call what was removed, nor what never comes, and goes on with the others', async () => {
    const clock = new DeadlineClock();
    const calls: string[] = [];
    const nameOf = (name: string) => ({ onDeadline: () => calls.push(name) });
    const [removed, fine, never] = [nameOf('removed'), nameOf('fine'), nameOf('never')];
    const tick = clock.add(Date.now() + 5, removed);
    clock.add(Number.POSITIVE_INFINITY, never);
    clock.remove(tick, removed);
    const done = new Promise<void>((resolve) => clock.add(Date.now() + 40, { onDeadline: resolve }));
    clock.add(Date.now() + 30, fine);
    await done;
    expect(calls).toEqual(['fine']);
  });
});
