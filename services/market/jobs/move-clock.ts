/** Moves the clock that can be set, one change of state after the other. */
import { type Clock, clockChangeDelayMs } from '#platform/clock/clock.ts';
import { type ClockSetting, readClockFile, writeClockFile } from '#platform/clock/clock-file.ts';
import { changeRuns, speedAt, timeAt } from '#platform/clock/clock-runs.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { pause } from '#platform/time/pause.ts';
import { planDay } from '../domain/day-plan.ts';
import type { Catalogue } from '../view/catalogue.ts';
import type { MarketView } from '../view/market-view.ts';
import { isDriven, listDrivenBooks, nextChangeOf } from './driven-books.ts';

/** What moving the clock needs; `clockFile` is the setting that all processes read. */
export type MoveClockDeps = {
  db: Database;
  catalogue: Catalogue;
  view: Pick<MarketView, 'get'>;
  clock: Clock;
  clockFile: string;
};

/** Where to go, Unix ms, and how fast to pass from then on; what is undefined stays. */
export type ClockMove = { timeMs: number | undefined; speed: number | undefined };

/** How long a stop on the way waits for the books. */
const drivenWaitMs = 5_000;
const lookEveryMs = 50;

/**
 * Sets the clock. On the way to a later time it stands still, and stops at each change of state until the books have it. Returns whether it came
 * there before `deadlineMs` of the machine; if not, it stands at a stop, and the next move goes on. Throws ClockChangeError.
 */
export async function moveClock(
  deps: MoveClockDeps,
  { timeMs, speed }: ClockMove,
  { deadlineMs, signal }: { deadlineMs: number; signal: AbortSignal },
): Promise<boolean> {
  if (timeMs === undefined) {
    await endMove(deps, { timeMs, speed }, signal);
    return true;
  }
  while (!signal.aborted) {
    const stopMs = Math.min(timeMs, nextChangeOf(await listDrivenBooks(deps), deps.clock.nowMs()));
    const isLast = stopMs === timeMs;
    await (isLast ? endMove(deps, { timeMs, speed }, signal) : stopAt(deps, { timeMs: stopMs, speed }, signal));
    const untilMs = Math.min(deadlineMs, Date.now() + drivenWaitMs);
    if (!(await untilDriven(deps, stopMs, { untilMs, signal }))) return false;
    if (isLast) return true;
  }
  return false;
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
  const atMs = await db.transaction(async (tx) => {
    // One change after the other, whichever replica makes it; the file is written within the transaction and calls no other process.
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('market.clock'))`);
    const setting = readClockFile(clockFile);
    const beginMs = Math.max(Date.now() + clockChangeDelayMs, (setting.runs.at(-1)?.fromMs ?? 0) + 1);
    writeClockFile(clockFile, change(setting, beginMs));
    return beginMs;
  });
  await pause(atMs - Date.now() + lookEveryMs, signal);
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
    // A process that is busy looks at the setting later than the others.
    if (nowMs >= timeMs && books.every((book) => planDay({ ...book, nowMs }).next === undefined)) return true;
    if (Date.now() >= untilMs) return false;
    await pause(lookEveryMs, signal);
  }
  return false;
}
