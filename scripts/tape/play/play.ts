/** Plays a tape: moves the market's clock to the time of each group of rows, and carries them out while it stands still. */
import { readTape, type Steps, type TapeSummary } from '../format/read-tape.ts';
import type { TapeClock } from './clock.ts';
import type { Controls } from './controls.ts';
import { type Group, groupsOf, wavesOf } from './groups.ts';
import { createPace } from './pace.ts';
import { createPlanner, type Planner } from './plan.ts';
import type { TapeTrader } from './trader.ts';

/** What is played, and how; times are Unix ms. */
export type PlayOptions = {
  path: string;
  summary: TapeSummary;
  steps: ReadonlyMap<string, Steps>;
  clock: TapeClock;
  trader: TapeTrader;
  controls: Controls;
  /** How much faster than it was recorded; Infinity: as fast as it goes. */
  speed: number;
  /** Rows within so many ms are played at one time; 1: each at its own. */
  beatMs: number;
  /** Where to begin; what was quoted before rests then. Undefined: at the first row. */
  fromMs: number | undefined;
  /** Where to end, with the clock there; undefined: behind the last row. */
  toMs: number | undefined;
  /** Groups to play at most. */
  groupsMax: number;
  onGroup: (progress: Progress) => void;
  signal: AbortSignal;
};

/**
 * How far it has come, all but `timeMs` in ms of the machine: `behindMs` is how late the last group was done, `clockMs` and `ordersMs` what all
 * steps of the clock and all orders took.
 */
export type Progress = {
  timeMs: number;
  groups: number;
  rows: number;
  behindMs: number;
  behindMsMax: number;
  clockMs: number;
  ordersMs: number;
};

/** An auction's orders enter the book up to a minute before its end. */
const afterLastMs = 60_000;

/** Why a tape cannot be played here. */
export class PlayError extends Error {
  override name = 'PlayError';
}

/**
 * Plays until the end of the tape, `toMs`, or so many groups. A market whose clock is within the tape goes on there: what an earlier player
 * did of the group at that time is found by its keys. Rejects with PlayError when the day of the tape is over.
 */
export async function play(options: PlayOptions): Promise<Progress> {
  const { path, summary, steps, clock, trader, controls, fromMs, toMs, signal, beatMs } = options;
  const shownMs = await clock.hold();
  const startMs = Math.max(fromMs ?? summary.firstMs, shownMs);
  if (startMs > summary.lastMs + afterLastMs) {
    throw new PlayError(`the market is at ${new Date(startMs).toISOString()}, after the end of the tape: begin anew`);
  }
  const progress: Progress = {
    timeMs: startMs,
    groups: 0,
    rows: 0,
    behindMs: 0,
    behindMsMax: 0,
    clockMs: 0,
    ordersMs: 0,
  };
  const pace = createPace(options.speed);
  const planner = createPlanner();
  let isBegun = false;
  const begin = async () => {
    isBegun = true;
    if (startMs > shownMs) await clock.moveTo(startMs, signal);
    await trader.restore(planner.standing());
    pace.anchor(startMs);
  };
  for await (const group of groupsOf(readTape(path, steps), beatMs)) {
    if (group.timeMs < startMs) {
      planAll(planner, group);
      continue;
    }
    if (!isBegun) await begin();
    if (toMs !== undefined && group.timeMs >= toMs) return endAt(toMs);
    if (await controls.next(pace.leftMs(group.timeMs), signal)) pace.anchor(group.timeMs);
    if (signal.aborted) return progress;
    await playGroup(options, { planner, group, progress });
    note(progress, group, Math.max(0, -pace.leftMs(group.timeMs)));
    options.onGroup(progress);
    // The group at the clock's time would be the next one again.
    if (progress.groups === options.groupsMax) return endAt(group.timeMs + 1);
  }
  if (!isBegun) await begin();
  await endAt(Math.max(startMs, toMs ?? summary.lastMs + afterLastMs));
  await trader.cancelAll();
  return progress;

  async function endAt(timeMs: number): Promise<Progress> {
    await clock.moveTo(timeMs, signal);
    progress.timeMs = timeMs;
    return progress;
  }
}

async function playGroup(
  { clock, trader, signal }: PlayOptions,
  { planner, group, progress }: { planner: Planner; group: Group; progress: Progress },
): Promise<void> {
  const startMs = performance.now();
  await clock.moveTo(group.timeMs, signal);
  const movedMs = performance.now();
  progress.clockMs += movedMs - startMs;
  const waves = wavesOf(group).map((wave) => wave.map((numbered) => planner.next(numbered)));
  await trader.carryOut(waves, group.timeMs);
  progress.ordersMs += performance.now() - movedMs;
}

function planAll(planner: Planner, group: Group): void {
  for (const numbered of wavesOf(group).flat()) planner.next(numbered);
}

function note(progress: Progress, { timeMs, rows }: Group, behindMs: number): void {
  progress.timeMs = timeMs;
  progress.groups += 1;
  progress.rows += rows.length;
  progress.behindMs = behindMs;
  progress.behindMsMax = Math.max(progress.behindMsMax, behindMs);
}
