/** Moves the clock that can be set, one change of state after the other. */
import { type Clock, clockChangeDelayMs } from '#platform/clock/clock.ts';
import { readClockFile, writeClockFile } from '#platform/clock/clock-file.ts';
import { changeRuns } from '#platform/clock/clock-runs.ts';
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
 * Sets the clock. A move to a later time stops at each change of state until the books have it. Returns whether it came there before
 * `deadlineMs` of the machine; the clock stands at a stop otherwise. Throws ClockChangeError.
 */
export async function moveClock(
  deps: MoveClockDeps,
  { timeMs, speed }: ClockMove,
  { deadlineMs, signal }: { deadlineMs: number; signal: AbortSignal },
): Promise<boolean> {
  if (timeMs === undefined) {
    await changeClock(deps, { timeMs, speed }, signal);
    return true;
  }
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    const books = await listDrivenBooks(deps);
    const stopMs = Math.min(timeMs, nextChangeOf(books, deps.clock.nowMs()));
    const isLast = stopMs === timeMs;
    const isExact = isFirst && isLast;
    await changeClock(deps, { timeMs: stopMs, speed: isLast ? speed : undefined, isExact }, signal);
    const untilMs = Math.min(deadlineMs, Date.now() + drivenWaitMs);
    if (!(await untilDriven(deps, stopMs, { untilMs, signal }))) return false;
    if (isLast) return true;
  }
  return false;
}

/** Changes the setting, and waits until the change has begun. Unless it is exact, a clock that has passed the time meanwhile stays. */
async function changeClock(
  { db, clockFile }: MoveClockDeps,
  { timeMs, speed, isExact = true }: ClockMove & { isExact?: boolean },
  signal: AbortSignal,
): Promise<void> {
  const atMs = await db.transaction(async (tx) => {
    // One change after the other, whichever replica makes it; the file is written within the transaction and calls no other process.
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('market.clock'))`);
    const { runs } = readClockFile(clockFile);
    const beginMs = Math.max(Date.now() + clockChangeDelayMs, (runs.at(-1)?.fromMs ?? 0) + 1);
    const unchanged = changeRuns(runs, { atMs: beginMs, speed });
    const shownMs = unchanged.at(-1)?.timeMs ?? 0;
    const isPassed = timeMs !== undefined && timeMs < shownMs && !isExact;
    writeClockFile(clockFile, { runs: isPassed ? unchanged : changeRuns(runs, { atMs: beginMs, timeMs, speed }) });
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
