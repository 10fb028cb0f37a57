/** Bounds of restarting. */
export type RestartLimits = {
  /** Delay before the first restart; it doubles with each end in a row. */
  delayMinMs: number;
  delayMaxMs: number;
  /** Ends in a row from which a process counts as failing. */
  failingFromEnds: number;
  /** A process that was ready for so long is well: its earlier ends are forgotten. */
  stableAfterMs: number;
};

/** What `npm start` works with: 100 ms doubling up to 30 s, failing from the third end in a row, well after a minute. */
export const standardRestartLimits: RestartLimits = {
  delayMinMs: 100,
  delayMaxMs: 30_000,
  failingFromEnds: 3,
  stableAfterMs: 60_000,
};

/** What to do about a process that ended: it is always started again. */
export type RestartDecision = {
  /** Ends in a row, this one included. */
  endCount: number;
  delayMs: number;
  isFailing: boolean;
};

/** Counts the ends in a row of one process. */
export type RestartPolicy = {
  onEnd(): RestartDecision;
  /** Forgets the ends: the process was ready for `stableAfterMs`. */
  onStable(): void;
};

/** A policy for a process that has not ended yet. */
export function createRestartPolicy(limits: RestartLimits): RestartPolicy {
  const { delayMinMs, delayMaxMs, failingFromEnds } = limits;
  let endCount = 0;
  return {
    onEnd() {
      endCount += 1;
      const delayMs = Math.min(delayMinMs * 2 ** (endCount - 1), delayMaxMs);
      return { endCount, delayMs, isFailing: endCount >= failingFromEnds };
    },
    onStable() {
      endCount = 0;
    },
  };
}
