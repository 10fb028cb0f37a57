/** The market's clock of a data folder: a file that all processes read. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ClockSetting, readClockFile, writeClockFile } from '#platform/clock/clock-file.ts';
import { type ClockRuns, machineRuns, timeAt } from '#platform/clock/clock-runs.ts';
import type { ClockFlags } from '../terminal/clock-flags.ts';
import { StartError } from '../terminal/start-error.ts';
import type { DataPaths } from './data-directory.ts';

/** The file of the clock in a data folder. */
export function clockFilePath(root: string): string {
  return join(root, 'clock.json');
}

/**
 * Writes the setting with which the processes start, and returns the path of its file; empty for the machine's clock. A clock that was set goes
 * on where it stood when the system was stopped. A market never goes back: the data may be as late as the clock was.
 *
 * @throws StartError when the flags name an earlier time, or the file cannot be read
 */
export function startClock(
  options: { paths: Pick<DataPaths, 'root' | 'postgres'>; flags: ClockFlags; isEmbedded: boolean },
  machineMs: number = Date.now(),
): string {
  const { paths, flags, isEmbedded } = options;
  const path = clockFilePath(paths.root);
  // What another server has is not known.
  const hasData = !isEmbedded || existsSync(paths.postgres);
  if (!hasData) rmSync(path, { force: true });
  const runs = resumed(readSetting(path), machineMs);
  const shownMs = timeAt(runs, machineMs);
  const isWithin = hasData && shownMs > (flags.timeMs ?? shownMs) && shownMs <= (flags.untilMs ?? 0);
  const timeMs = flags.isMachine ? machineMs : isWithin ? undefined : flags.timeMs;
  if (hasData && timeMs !== undefined && timeMs < shownMs) {
    const shown = new Date(shownMs).toISOString();
    throw new StartError(`the market of this data is at ${shown} and never goes back: use --fresh or another --data`);
  }
  if (flags.isMachine) {
    rmSync(path, { force: true });
    return '';
  }
  const isSet = timeMs !== undefined || flags.speed !== undefined;
  const speed = flags.speed ?? (timeMs === undefined ? runs[0].speed : 1);
  writeClockFile(path, { runs: isSet ? [{ fromMs: machineMs, timeMs: timeMs ?? shownMs, speed }] : runs });
  return path;
}

/** Notes that the clock stands still until the next start, once no process reads it any more. */
export function stopClock(root: string, machineMs: number = Date.now()): void {
  const path = clockFilePath(root);
  if (!existsSync(path)) return;
  const { runs } = readClockFile(path);
  writeClockFile(path, { runs, stoppedTimeMs: timeAt(runs, machineMs) });
}

function readSetting(path: string): ClockSetting {
  if (!existsSync(path)) return { runs: machineRuns };
  try {
    return readClockFile(path);
  } catch (cause) {
    throw new StartError(`${path} is damaged: ${cause instanceof Error ? cause.message : cause}`);
  }
}

function resumed({ runs, stoppedTimeMs }: ClockSetting, machineMs: number): ClockRuns {
  const last = runs.at(-1) ?? runs[0];
  const isMachine = last.speed === 1 && last.timeMs === last.fromMs;
  if (isMachine || stoppedTimeMs === undefined) return runs;
  return [{ fromMs: machineMs, timeMs: stoppedTimeMs, speed: last.speed }];
}
