/** The arithmetic of a clock that can be set: pure. Times of the market and of the machine are Unix ms. */

/** From `fromMs` of the machine's clock on, the market's clock shows `timeMs` and passes `speed` ms in each ms of the machine's. */
export type ClockRun = { fromMs: number; timeMs: number; speed: number };

/** Runs of a clock, by their begin; the last has no end. The first holds before its begin too. */
export type ClockRuns = readonly [ClockRun, ...ClockRun[]];

/** The clock of the machine itself. */
export const machineRuns: ClockRuns = [{ fromMs: 0, timeMs: 0, speed: 1 }];

/** Fastest that a clock may pass. */
export const clockSpeedMax = 1_000;

/** A change that a clock does not take; the message says why, for the one who asked. */
export class ClockChangeError extends Error {
  override name = 'ClockChangeError';
}

/** How a clock is changed: when, by the machine's clock, and to what; what is absent stays. */
export type ClockChange = { atMs: number; timeMs?: number | undefined; speed?: number | undefined };

const runsMax = 8;

/** What the clock shows at a time of the machine's, in whole ms. */
export function timeAt(runs: ClockRuns, machineMs: number): number {
  const { fromMs, timeMs, speed } = runAt(runs, machineMs);
  return Math.floor(timeMs + (machineMs - fromMs) * speed);
}

/** How fast the clock passes at a time of the machine's. */
export function speedAt(runs: ClockRuns, machineMs: number): number {
  return runAt(runs, machineMs).speed;
}

/** Whether the clock stands still from a time of the machine's on. */
export function isStill(runs: ClockRuns, machineMs: number): boolean {
  return speedAt(runs, machineMs) === 0 && runs.every(({ fromMs, speed }) => fromMs <= machineMs || speed === 0);
}

/** How long after `machineMs` the clock shows a time or a later one for the first time, in ms of the machine; Infinity: it never does. */
export function waitUntil(runs: ClockRuns, timeMs: number, machineMs: number): number {
  for (const [index, run] of runs.entries()) {
    const endMs = runs[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
    if (endMs <= machineMs) continue;
    const beginMs = index === 0 ? machineMs : Math.max(run.fromMs, machineMs);
    const leftMs = timeMs - (run.timeMs + (beginMs - run.fromMs) * run.speed);
    const reachedMs = leftMs <= 0 ? beginMs : beginMs + Math.ceil(leftMs / run.speed);
    if (reachedMs < endMs) return reachedMs - machineMs;
  }
  return Number.POSITIVE_INFINITY;
}

/** How long before `machineMs` the clock showed a time for the last time, in ms of the machine; 0 while it shows it or an earlier one. */
export function elapsedSince(runs: ClockRuns, timeMs: number, machineMs: number): number {
  let endMs = machineMs;
  for (const [index, run] of [...runs.entries()].reverse()) {
    if (run.fromMs > machineMs && index > 0) continue;
    const isBegun = run.timeMs <= timeMs || (index === 0 && run.speed > 0);
    if (isBegun) {
      const leftMs = run.speed > 0 ? run.fromMs + (timeMs - run.timeMs) / run.speed : Number.POSITIVE_INFINITY;
      return machineMs - Math.min(endMs, leftMs);
    }
    endMs = Math.min(endMs, run.fromMs);
  }
  return machineMs - endMs;
}

/**
 * The runs after a change. A clock never goes back, and changes one after the other. Throws ClockChangeError. Runs that ended long before the
 * change are left out.
 */
export function changeRuns(runs: ClockRuns, { atMs, timeMs, speed }: ClockChange): ClockRuns {
  const last = runs.at(-1) ?? runs[0];
  if (atMs <= last.fromMs) throw new ClockChangeError('another change of the clock has not begun yet');
  const shownMs = timeAt(runs, atMs);
  const next: ClockRun = { fromMs: atMs, timeMs: timeMs ?? shownMs, speed: speed ?? last.speed };
  if (!Number.isInteger(next.speed) || next.speed < 0 || next.speed > clockSpeedMax) {
    throw new ClockChangeError(`the speed of the clock is a whole number from 0 to ${clockSpeedMax}`);
  }
  if (next.timeMs < shownMs) {
    throw new ClockChangeError(`the clock is at ${new Date(shownMs).toISOString()} and never goes back`);
  }
  const [first, ...others] = [...runs.slice(1 - runsMax), next];
  return [first ?? next, ...others];
}

/** The runs without those that begin after a time of the machine's: a stop that was planned for later is given up. */
export function runsBegun(runs: ClockRuns, machineMs: number): ClockRuns {
  const [first, ...others] = runs.filter(({ fromMs }) => fromMs <= machineMs);
  return first === undefined ? [runs[0]] : [first, ...others];
}

/** The runs that pass on as the last does until they show a later time, and stand still there. The last passes at all. */
export function runsUntil(runs: ClockRuns, timeMs: number): ClockRuns {
  const last = runs.at(-1) ?? runs[0];
  // Not rounded: a fraction of a millisecond later the clock would have shown more already.
  const stop: ClockRun = { fromMs: last.fromMs + (timeMs - last.timeMs) / last.speed, timeMs, speed: 0 };
  const [first, ...others] = [...runs.slice(1 - runsMax), stop];
  return [first ?? stop, ...others];
}

function runAt(runs: ClockRuns, machineMs: number): ClockRun {
  return runs.findLast((run) => run.fromMs <= machineMs) ?? runs[0];
}
