/** The flags of `npm start` that play a tape. */
import { resolve } from 'node:path';

/** A tape to play in place of the simulated traders. */
export type TapeFlags = {
  /** Absolute path of the file. */
  path: string;
  /** How many times as fast as it was recorded, 1 to 1000, or `max`. */
  speed: string;
  /** Rows of so many ms of the tape are played at one time, 1 to 3,600,000; undefined: as the player does by itself. */
  beatMs: number | undefined;
  /** Where to begin, Unix ms; undefined: at its first row. */
  fromMs: number | undefined;
};

/** The flags as they were given. */
export type TapeValues = Partial<Record<'tape' | 'speed' | 'beat' | 'from' | 'clock' | 'clock-speed', string>>;

const beatMsMax = 3_600_000;
const speedForm = /^(?:[1-9]\d{0,2}|1000|max)$/;

/** Reads them; undefined: no tape. Throws Error with one line that says what is wrong. */
export function parseTapeFlags(values: TapeValues, projectDirectory: string): TapeFlags | undefined {
  const { tape, speed = '1', beat, from } = values;
  if (tape === undefined) {
    const alone = [values.speed, beat, from].some((value) => value !== undefined);
    if (alone) throw new Error('--speed, --beat and --from belong to --tape');
    return undefined;
  }
  if (values.clock !== undefined || values['clock-speed'] !== undefined) {
    throw new Error('--tape moves the clock itself: leave --clock and --clock-speed out');
  }
  if (!speedForm.test(speed)) throw new Error(`--speed takes a whole number from 1 to 1000, or max, not '${speed}'`);
  return {
    path: resolve(projectDirectory, tape),
    speed,
    beatMs: beat === undefined ? undefined : beatOf(beat),
    fromMs: from === undefined ? undefined : timeOf(from),
  };
}

function beatOf(text: string): number {
  const beatMs = /^[1-9]\d{0,6}$/.test(text) ? Number(text) : Number.NaN;
  if (beatMs <= beatMsMax) return beatMs;
  throw new Error(`--beat takes whole milliseconds from 1 to ${beatMsMax}, not '${text}'`);
}

function timeOf(text: string): number {
  const timeMs = /(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(timeMs)) return timeMs;
  throw new Error(`--from takes a time such as 2026-03-10T14:30:00Z, not '${text}'`);
}
