/** Moves the clock that can be set, one change of state after the other. */
import { type Clock, clockChangeDelayMs } from '#platform/clock/clock.ts';
import { type ClockSetting, readClockFile, writeClockFile } from '#platform/clock/clock-file.ts';
import { changeRuns, isStill, runsBegun, runsUntil, speedAt, timeAt } from '#platform/clock/clock-runs.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { pause } from '#platform/time/pause.ts';
import { planDay } from '../domain/day-plan.ts';
import type { Catalogue } from '../view/catalogue.ts';
import type { MarketView } from '../view/market-view.ts';
import { breakerTimes, isDriven, listDrivenBooks, nextChangeOf } from './driven-books.ts';

/** What moving the clock needs; `clockFile` is the setting that all processes read. */
export type MoveClockDeps = {
  db: Database;
  catalogue: Catalogue;
  view: Pick<MarketView, 'get'>;
  clock: Clock;
  clockFile: string;
};

/**
 * Where to go, Unix ms, and how fast to pass from then on; what is undefined stays. One that is passed comes there at that speed instead, and
 * stands still then.
 */
export type ClockMove = { timeMs: number | undefined; speed: number | undefined; isPassed?: boolean };

/** How long a stop on the way waits for the books. */
const drivenWaitMs = 5_000;
const lookEveryMs = 50;

/**
 * Sets the clock. On the way to a later time it stops at each change of state until the books have it, and between them it stands still, or
 * passes where that was asked for. Returns whether it came there before `deadlineMs` of the machine; if not, it stands at a stop or comes to one,
 * and the next move goes on. Throws ClockChangeError.
 */
export async function moveClock(
  deps: MoveClockDeps,
  { timeMs, speed, isPassed = false }: ClockMove,
  { deadlineMs, signal }: { deadlineMs: number; signal: AbortSignal },
): Promise<boolean> {
  if (timeMs === undefined) {
    await endMove(deps, { timeMs, speed }, signal);
    return true;
  }
  while (!signal.aborted) {
    const stopMs = Math.min(timeMs, await nextStop(deps));
    const isLast = stopMs === timeMs;
    const move = { timeMs: stopMs, speed };
    if (isPassed) await passTo(deps, { ...move, isLast }, signal);
    else await (isLast ? endMove(deps, move, signal) : stopAt(deps, move, signal));
    const waitMs = drivenWaitMs + (isPassed ? deps.clock.waitMs(stopMs) : 0);
    const untilMs = Math.min(deadlineMs, Date.now() + waitMs);
    if (!(await untilDriven(deps, stopMs, { untilMs, signal }))) return false;
    if (isLast) return true;
  }
  return false;
}

/** The next time at which the state of a book changes, by its day or by its circuit breaker. */
async function nextStop(deps: MoveClockDeps): Promise<number> {
  const nowMs = deps.clock.nowMs();
  const byBreakers = breakerTimes(deps).filter((timeMs) => timeMs > nowMs);
  return Math.min(nextChangeOf(await listDrivenBooks(deps), nowMs), ...byBreakers);
}

/** Passes to a stop and stands still there. A clock that has passed it meanwhile stands where it is, unless it was to come just there. */
function passTo(
  deps: MoveClockDeps,
  { timeMs, speed, isLast }: { timeMs: number; speed: number | undefined; isLast: boolean },
  signal: AbortSignal,
): Promise<void> {
  return changeClock(deps, signal, ({ runs }, atMs) => {
    const shownMs = timeAt(runs, atMs);
    if (timeMs > shownMs) return { runs: runsUntil(changeRuns(runs, { atMs, speed }), timeMs) };
    return { runs: changeRuns(runs, { atMs, timeMs: isLast ? timeMs : shownMs, speed: 0 }) };
  });
}

/** Goes to a stop on the way and stands still there. A clock that has passed it meanwhile stands where it is. */
function stopAt(deps: MoveClockDeps, { timeMs = 0, speed }: ClockMove, signal: AbortSignal): Promise<void> {
  return changeClock(deps, signal, ({ runs, heldSpeed }, atMs) => {
    const shownMs = timeAt(runs, atMs);
    const held = speed ?? heldSpeed ?? speedAt(runs, atMs);
    return { runs: changeRuns(runs, { atMs, timeMs: Math.max(timeMs, shownMs), speed: 0 }), heldSpeed: held };
  });
}

/** Goes to a time, or stays, and passes on. */
function endMove(deps: MoveClockDeps, { timeMs, speed }: ClockMove, signal: AbortSignal): Promise<void> {
  return changeClock(deps, signal, ({ runs, heldSpeed }, atMs) => ({
    runs: changeRuns(runs, { atMs, timeMs, speed: speed ?? heldSpeed }),
  }));
}

/** Changes the setting from a moment on, and waits until that has come. */
async function changeClock(
  { db, clockFile }: MoveClockDeps,
  signal: AbortSignal,
  change: (setting: ClockSetting, atMs: number) => ClockSetting,
): Promise<void> {
  const { atMs, isStep } = await db.transaction(async (tx) => {
    // One change after the other, whichever replica makes it; the file is written within the transaction and calls no other process.
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('market.clock'))`);
    const before = readClockFile(clockFile);
    const nowMs = Date.now();
    const step = changeAfter(before, nowMs, change);
    const isStep = isStill(before.runs, nowMs) && isStill(step.setting.runs, nowMs);
    const made = isStep ? step : changeAfter(before, nowMs + clockChangeDelayMs, change);
    writeClockFile(clockFile, made.setting);
    return { atMs: made.atMs, isStep };
  });
  const leftMs = atMs - Date.now();
  if (!isStep) await pause(leftMs + lookEveryMs, signal);
  else if (leftMs > 0) await pause(leftMs + 1, signal);
}

/** The setting with a change that begins at `soonestMs` of the machine, or after the one before. */
function changeAfter(
  before: ClockSetting,
  soonestMs: number,
  change: (setting: ClockSetting, atMs: number) => ClockSetting,
): { setting: ClockSetting; atMs: number } {
  // Changes begin in the order in which they are made; what begins later than this one is a stop on a way that it ends.
  const runs = runsBegun(before.runs, soonestMs);
  const atMs = Math.max(soonestMs, (runs.at(-1)?.fromMs ?? 0) + 1);
  return { setting: change({ ...before, runs }, atMs), atMs };
}

/** Whether the clock shows a time and every book has the state of its day then, waiting until `untilMs` of the machine. */
async function untilDriven(
  deps: MoveClockDeps,
  timeMs: number,
  { untilMs, signal }: { untilMs: number; signal: AbortSignal },
): Promise<boolean> {
  while (!signal.aborted) {
    const nowMs = deps.clock.nowMs();
    const books = (await listDrivenBooks(deps)).filter(({ symbol }) => isDriven(deps.view.get(symbol)));
    const isDone =
      books.every((book) => planDay({ ...book, nowMs }).next === undefined) &&
      breakerTimes(deps).every((dueMs) => dueMs > timeMs);
    // A process that is busy looks at the setting later than the others.
    if (nowMs >= timeMs && isDone) return true;
    if (Date.now() >= untilMs) return false;
    await pause(lookEveryMs, signal);
  }
  return false;
}
