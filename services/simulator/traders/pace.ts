/** The greatest number of commands a second that all house traders together send. */
import type { Clock } from './clock.ts';

/** Lets commands through, several at a time, as they are cheapest for everyone together. */
export type Pace = {
  /** Whether `count` commands may leave now. What is taken beyond the allowance is made up for before the next ones leave. */
  tryTake(count: number): boolean;
};

/** An allowance that grows by `commandsPerSecondMax` a second, up to that of one second; it begins with that of a round. */
export function createPace(commandsPerSecondMax: number, clock: Pick<Clock, 'nowMs'>): Pace {
  let allowance = commandsPerSecondMax / 2;
  let grownTimeMs = clock.nowMs();
  return {
    tryTake(count) {
      const nowMs = clock.nowMs();
      allowance = Math.min(commandsPerSecondMax, allowance + ((nowMs - grownTimeMs) * commandsPerSecondMax) / 1_000);
      grownTimeMs = nowMs;
      if (allowance <= 0) return false;
      allowance -= count;
      return true;
    },
  };
}
