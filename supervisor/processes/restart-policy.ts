/** What to do about a child that died: start it again after a delay, or give everything up. */
export type RestartDecision = { action: 'restart'; delayMs: number } | { action: 'give-up'; deathsPerMinute: number };

/** Counts the deaths of one child. */
export type RestartPolicy = { onDeath(nowMs: number): RestartDecision };

const RESTARTS_PER_MINUTE_MAX = 5;
const WINDOW_MS = 60_000;
const DELAY_MIN_MS = 100;
const DELAY_MAX_MS = 5_000;

/** Restarts with a delay that doubles from 100 ms to 5 s, at most five times in any minute; the sixth death gives up. */
export function createRestartPolicy(): RestartPolicy {
  let deathTimesMs: number[] = [];
  return {
    onDeath(nowMs) {
      deathTimesMs = [...deathTimesMs.filter((timeMs) => timeMs > nowMs - WINDOW_MS), nowMs];
      if (deathTimesMs.length > RESTARTS_PER_MINUTE_MAX)
        return { action: 'give-up', deathsPerMinute: deathTimesMs.length };
      return { action: 'restart', delayMs: Math.min(DELAY_MIN_MS * 2 ** (deathTimesMs.length - 1), DELAY_MAX_MS) };
    },
  };
}
