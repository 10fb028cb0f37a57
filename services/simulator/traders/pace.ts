/** The greatest number of commands a second that all house traders together send. */
import type { Clock } from './clock.ts';

/** Lets one command through at a time. */
export type Pace = { take(signal: AbortSignal): Promise<void> };

/** Commands leave at least 1 s / `commandsPerSecondMax` apart; waiting commands are sent in order. */
export function createPace(commandsPerSecondMax: number, clock: Clock): Pace {
  const intervalMs = 1_000 / commandsPerSecondMax;
  let nextTimeMs = 0;
  return {
    async take(signal) {
      const now = clock.nowMs();
      const turnMs = Math.max(now, nextTimeMs);
      nextTimeMs = turnMs + intervalMs;
      if (turnMs > now) await clock.sleep(turnMs - now, signal);
    },
  };
}
