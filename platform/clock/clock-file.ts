/** The setting of a clock in a file, by which all processes of one machine share it. */
import { readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { type ClockRun, type ClockRuns, clockSpeedMax } from './clock-runs.ts';

/** What the file has. */
export type ClockSetting = {
  runs: ClockRuns;
  /** What the clock showed when the system was stopped; it stands still until the next start. Absent while it runs. */
  stoppedTimeMs?: number;
  /** How fast the clock is to pass once a move that was begun is over; it stands still on the way. Absent: there is none. */
  heldSpeed?: number;
};

const runsMax = 8;
const msPerSecond = 1_000;

/** Reads the file. Throws when it cannot be read or has no setting. */
export function readClockFile(path: string): ClockSetting {
  const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
  const { runs, stoppedTimeMs, heldSpeed } = (parsed ?? {}) as Partial<Record<keyof ClockSetting, unknown>>;
  const [first, ...others] = Array.isArray(runs) && runs.length <= runsMax ? runs.map(runOf) : [];
  if (first === undefined) throw new Error(`${path} has no setting of a clock`);
  return {
    runs: [first, ...others],
    ...(typeof stoppedTimeMs === 'number' ? { stoppedTimeMs } : {}),
    ...(typeof heldSpeed === 'number' ? { heldSpeed } : {}),
  };
}

/**
 * Replaces the file at once: a reader finds either the old setting or the new one. Its time is later than that of the one before by a millisecond
 * at least, which those of a file system are not: by it a reader sees that there is another one. One process at a time writes.
 */
export function writeClockFile(path: string, setting: ClockSetting): void {
  const written = `${path}.${process.pid}`;
  writeFileSync(written, `${JSON.stringify(setting)}\n`, { mode: 0o600 });
  const beforeMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const timeS = Math.max(Date.now(), Math.round(beforeMs) + 1) / msPerSecond;
  utimesSync(written, timeS, timeS);
  renameSync(written, path);
}

function runOf(value: unknown): ClockRun {
  const { fromMs, timeMs, speed } = (value ?? {}) as Partial<Record<keyof ClockRun, unknown>>;
  if (typeof fromMs === 'number' && typeof timeMs === 'number' && typeof speed === 'number') {
    if ([fromMs, timeMs, speed].every(Number.isFinite) && speed >= 0 && speed <= clockSpeedMax) {
      return { fromMs, timeMs, speed };
    }
  }
  throw new Error('a run of the clock is not understood');
}
