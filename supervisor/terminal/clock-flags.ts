/** The flags of `npm start` that set the market's clock. */
import { clockSpeedMax } from '#platform/clock/clock-runs.ts';
import { createZoneClock } from '#platform/time/zone-clock.ts';

/** What the flags ask for. */
export type ClockFlags = {
  /** The machine's clock, which cannot be set. */
  isMachine: boolean;
  /** Where the clock begins, Unix ms; undefined: where it stands. */
  timeMs: number | undefined;
  /** Data whose clock is between `timeMs` and this stays there. */
  untilMs?: number;
  /** How fast it passes; undefined: as it does. */
  speed: number | undefined;
};

const earliestMs = Date.UTC(2022, 0, 1);
const latestMs = Date.UTC(2100, 0, 1);
const wallPattern = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?: +([A-Za-z][A-Za-z0-9_+/-]*))?$/;

/** Reads both flags. Throws Error with one line that says what is wrong. */
export function parseClockFlags(time: string | undefined, speed: string | undefined): ClockFlags {
  const isMachine = time === 'machine';
  if (isMachine && speed !== undefined) throw new Error('--clock machine has no speed');
  const timeMs = time === undefined || isMachine ? undefined : parseTime(time);
  return { isMachine, timeMs, speed: speed === undefined ? undefined : parseSpeed(speed) };
}

function parseTime(text: string): number {
  const timeMs = timeOf(text);
  if (timeMs !== undefined && timeMs >= earliestMs && timeMs < latestMs) return timeMs;
  throw new Error(
    `--clock takes a time from 2022 to 2099 such as '2026-03-06T09:29:00 America/New_York', or machine, not '${text}'`,
  );
}

/** A time on the wall of a zone, UTC when none is named, or one with its own offset. */
function timeOf(text: string): number | undefined {
  const [, date, time, zone = 'UTC'] = wallPattern.exec(text) ?? [];
  const parsedMs = Date.parse(date === undefined ? text : `${date}T${time}Z`);
  if (Number.isNaN(parsedMs)) return undefined;
  if (date === undefined) return /(?:Z|[+-]\d\d:\d\d)$/.test(text) ? parsedMs : undefined;
  try {
    return createZoneClock(zone).firstMomentOf(parsedMs);
  } catch {
    return undefined;
  }
}

function parseSpeed(text: string): number {
  const speed = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (speed <= clockSpeedMax) return speed;
  throw new Error(
    `--clock-speed takes a whole number from 0 (the clock stands still) to ${clockSpeedMax}, not '${text}'`,
  );
}
