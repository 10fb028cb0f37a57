/** A virtual clock: once all traders sleep, time jumps to the next one that wakes, so that a day lasts as long as its work. */
import type { Clock } from '../../services/simulator/index.ts';

/** A clock with the means to run it. */
export type VirtualClock = Clock & {
  /** Lets time pass until `untilMs`; `onAdvance` runs after each jump. */
  run(untilMs: number, onAdvance: (nowMs: number) => void): Promise<void>;
};

type Sleeper = { timeMs: number; order: number; wake: () => void };

/** A clock at time 0. */
export function createVirtualClock(): VirtualClock {
  const sleepers: Sleeper[] = [];
  let now = 0;
  let order = 0;
  return {
    nowMs: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason);
          return;
        }
        const onAbort = () => reject(signal.reason);
        signal.addEventListener('abort', onAbort, { once: true });
        const wake = () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        };
        insert(sleepers, { timeMs: now + ms, order: order++, wake });
      }),
    async run(untilMs, onAdvance) {
      while (now < untilMs) {
        // All traders that are awake run until they sleep: their work is promises only, which one turn of the event loop settles.
        await new Promise((resolve) => setImmediate(resolve));
        const next = sleepers.shift();
        if (next === undefined) throw new Error('no trader sleeps: all have stopped');
        now = Math.max(now, next.timeMs);
        next.wake();
        onAdvance(now);
      }
    },
  };
}

function insert(sleepers: Sleeper[], sleeper: Sleeper): void {
  let index = sleepers.length;
  while (index > 0 && isLater(sleepers[index - 1], sleeper)) index--;
  sleepers.splice(index, 0, sleeper);
}

function isLater(a: Sleeper | undefined, b: Sleeper): boolean {
  return a !== undefined && (a.timeMs > b.timeMs || (a.timeMs === b.timeMs && a.order > b.order));
}
