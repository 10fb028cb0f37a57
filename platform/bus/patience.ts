import { backoffMs, pause } from '#platform/time/pause.ts';

/** How a consumer waits while a part that its events need is unreachable. */
export type Patience = {
  /**
   * How many events that fail for it are looked at one by one in the pass to come (see AttemptPage): none at first, so that the page waits
   * as a whole; then some, so that a single event that always runs out of time does not hold up the others.
   */
  unreachableMax(): number;
  /** Waits after a pass that ended because a part was unreachable, 500 ms to 5 s, or until the signal aborts. */
  wait(signal: AbortSignal): Promise<void>;
  /** Begins anew: a page was handled. */
  reset(): void;
};

/** Passes that end because a part is unreachable before events are looked at one by one. */
const patientPasses = 3;
const unreachablePerPass = 3;

/** Most events that are looked at one by one while a part is unreachable. */
export const unreachableMax = 30;
/** When events are due again whose attempt was stopped because a part was unreachable. */
export const stoppedDelayMs = 5_000;

/** Patience of which nothing is spent. */
export function createPatience(): Patience {
  let stops = 0;
  return {
    unreachableMax: () =>
      stops < patientPasses ? 0 : Math.min(unreachableMax, (stops - patientPasses + 1) * unreachablePerPass),
    wait: (signal) => pause(backoffMs(stops++, 500, 5_000), signal),
    reset() {
      stops = 0;
    },
  };
}
