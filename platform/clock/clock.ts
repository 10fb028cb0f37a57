/**
 * The market's time. Every service reads wall time by it; durations and deadlines are of the machine's clocks. It is the machine's own unless
 * the system was started with a clock that can be set (docs/adr/0037-the-markets-day.md).
 */
import { statSync } from 'node:fs';
import type { Logger } from '#platform/telemetry/logger.ts';
import { startTimer, type Timer } from '#platform/time/timer.ts';
import { readClockFile } from './clock-file.ts';
import { type ClockRuns, elapsedSince, isStill, speedAt, timeAt, waitUntil } from './clock-runs.ts';

/** A clock; all times are Unix ms. */
export type Clock = {
  /** The market's time of the moment. */
  nowMs(): number;
  /** The market's time at a time of the machine's clock. */
  at(machineMs: number): number;
  /** How long to wait for a time of the market, in ms of the machine, by the setting of the moment: 0 when it has come, Infinity: never. */
  waitMs(timeMs: number): number;
  /** How much the clock passes in a duration from now, in ms, at least the duration: for claims that are stored in the market's time. */
  spanMs(durationMs: number): number;
  /**
   * The market's time by which something is over that is to end at a time of the machine's clock: later than now until that has come, also while
   * the clock stands still.
   */
  endAt(machineMs: number): number;
  /** How long ago a time of the market was, in ms of the machine; 0 for one that is still to come. */
  ageMs(timeMs: number): number;
  /** How many ms it passes in each ms of the machine. */
  speed(): number;
  /** Whether it can be set: `waitMs` is then to be asked again after `clockLookEveryMs`. */
  readonly isSettable: boolean;
  [Symbol.dispose](): void;
};

/** How often processes look at the setting. While the clock stands still they look besides whenever they read it. */
export const clockLookEveryMs = 100;

/**
 * From a change of the setting to its begin, so that every process has it by then, in ms. A step of a clock that stands still before and after
 * it needs no such time: a process that reads the clock after the step was written finds it.
 */
export const clockChangeDelayMs = 300;

/** The machine's clock, or in tests another that passes as fast. */
export function fixedClock(machineMs: () => number = Date.now): Clock {
  return {
    nowMs: machineMs,
    at: (timeMs) => timeMs,
    waitMs: (timeMs) => Math.max(0, timeMs - machineMs()),
    spanMs: (durationMs) => durationMs,
    endAt: (timeMs) => timeMs,
    ageMs: (timeMs) => Math.max(0, machineMs() - timeMs),
    speed: () => 1,
    isSettable: false,
    [Symbol.dispose]: () => {},
  };
}

/**
 * A clock by the setting in a file, which is looked at every 100 ms, and whenever it is read while it stands still (about 3 us): then all that
 * follows from a step, in any process, is at its time. Throws when the file cannot be read; a file that cannot be read later leaves the setting as
 * it is.
 */
export function openClock(path: string, { logger }: { logger: Logger }): Clock {
  const setting = followSetting(path, logger);
  const machineMs = Date.now;
  return {
    nowMs: () => timeAt(setting.runs(), machineMs()),
    at: (timeMs) => timeAt(setting.runs(), timeMs),
    waitMs: (timeMs) => waitUntil(setting.runs(), timeMs, machineMs()),
    spanMs(durationMs) {
      const [runs, nowMs] = [setting.runs(), machineMs()];
      return Math.max(durationMs, timeAt(runs, nowMs + durationMs) - timeAt(runs, nowMs));
    },
    endAt(timeMs) {
      const [runs, nowMs] = [setting.runs(), machineMs()];
      const endMs = timeAt(runs, timeMs);
      return timeMs > nowMs ? Math.max(endMs, timeAt(runs, nowMs) + 1) : endMs;
    },
    ageMs: (timeMs) => elapsedSince(setting.runs(), timeMs, machineMs()),
    speed: () => speedAt(setting.runs(), machineMs()),
    isSettable: true,
    [Symbol.dispose]: () => setting[Symbol.dispose](),
  };
}

/** The setting of the file: as of its last look while the clock passes, as of this moment while it stands still. */
function followSetting(path: string, logger: Logger): Disposable & { runs(): ClockRuns } {
  let version = versionOf(path);
  let { runs } = readClockFile(path);
  const look = () => {
    const found = versionOf(path);
    if (found === version) return;
    ({ runs } = readClockFile(path));
    version = found;
  };
  const nextLook = (): Timer =>
    startTimer(clockLookEveryMs, () => {
      try {
        look();
      } catch (error) {
        logger.warn({ error, path }, 'the setting of the clock could not be read');
      }
      timer = nextLook();
    }).unref();
  let timer = nextLook();
  return {
    runs() {
      if (!isStill(runs, Date.now())) return runs;
      try {
        look();
      } catch {
        // The next look of the timer reports it: the clock may be read thousands of times a second.
      }
      return runs;
    },
    [Symbol.dispose]: () => timer[Symbol.dispose](),
  };
}

/** Every file that is written has a later time than the one before it. */
function versionOf(path: string): number {
  return statSync(path).mtimeMs;
}
