/**
 * The market's time. Every service reads wall time by it; durations and deadlines are of the machine's clocks. It is the machine's own unless
 * the system was started with a clock that can be set (docs/adr/0037-the-markets-day.md).
 */
import { statSync } from 'node:fs';
import type { Logger } from '#platform/telemetry/logger.ts';
import { startTimer, type Timer } from '#platform/time/timer.ts';
import { readClockFile } from './clock-file.ts';
import { elapsedSince, isStill, speedAt, timeAt, waitUntil } from './clock-runs.ts';

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

/** How often processes look at the setting while the clock passes. */
export const clockLookEveryMs = 100;

/** The same while it stands still: its steps take as long. */
const stillLookEveryMs = 20;

/** From a change of the setting to its begin, so that every process has it by then, in ms. */
export const clockChangeDelayMs = 300;

/**
 * The same for a clock that stands still before and after the change. It need not cover a process that is stalled: what was sent after the change
 * began reaches a process that looks first, as timers that are due run before sockets are read.
 */
export const clockStepDelayMs = 60;

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
 * A clock by the setting in a file, which is looked at every 100 ms. Throws when the file cannot be read; a file that cannot be read later
 * leaves the setting as it is.
 */
export function openClock(path: string, { logger }: { logger: Logger }): Clock {
  let { runs } = readClockFile(path);
  let version = versionOf(path);
  const machineMs = Date.now;
  const look = () => {
    try {
      const found = versionOf(path);
      if (found === version) return;
      ({ runs } = readClockFile(path));
      version = found;
    } catch (error) {
      logger.warn({ error, path }, 'the setting of the clock could not be read');
    }
  };
  const nextLook = (): Timer => {
    const everyMs = isStill(runs, machineMs()) ? stillLookEveryMs : clockLookEveryMs;
    return startTimer(everyMs, () => {
      look();
      timer = nextLook();
    }).unref();
  };
  let timer = nextLook();
  return {
    nowMs: () => timeAt(runs, machineMs()),
    at: (timeMs) => timeAt(runs, timeMs),
    waitMs: (timeMs) => waitUntil(runs, timeMs, machineMs()),
    spanMs: (durationMs) => Math.max(durationMs, timeAt(runs, machineMs() + durationMs) - timeAt(runs, machineMs())),
    endAt(timeMs) {
      const nowMs = machineMs();
      const endMs = timeAt(runs, timeMs);
      return timeMs > nowMs ? Math.max(endMs, timeAt(runs, nowMs) + 1) : endMs;
    },
    ageMs: (timeMs) => elapsedSince(runs, timeMs, machineMs()),
    speed: () => speedAt(runs, machineMs()),
    isSettable: true,
    [Symbol.dispose]: () => timer[Symbol.dispose](),
  };
}

function versionOf(path: string): string {
  const { ino, mtimeMs, size } = statSync(path);
  return `${ino} ${mtimeMs} ${size}`;
}
