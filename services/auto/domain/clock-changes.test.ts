import { describe, expect, it } from 'vitest';
import { cronCalendar } from './cron-calendar.ts';
import {
  createWallReader,
  findChanges,
  type Pattern,
  randomPattern,
  readMinutes,
  walk,
} from './testing/minute-walk.ts';

// Hours of one, half of one and two; at midnight, over midnight to the day before, in March of the south, before Ramadan, and zones that
// have changed their offset for good.
const zones = [
  'Europe/Zurich',
  'America/New_York',
  'America/Havana',
  'America/Santiago',
  'America/Nuuk',
  'America/Asuncion',
  'Australia/Lord_Howe',
  'Antarctica/Troll',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Beirut',
  'Asia/Almaty',
];
const hourMs = 3_600_000;
const [fromMs, untilMs] = [Date.parse('2024-01-01T00:00:00Z'), Date.parse('2031-01-01T00:00:00Z')];
/** Patterns for each change, and changes of each zone that are tried. */
const isFull = process.env.AUTO_ALL_CLOCK_CHANGES === '1';
const patternsPerChange = isFull ? 200 : 6;
const changesPerZone = isFull ? Number.POSITIVE_INFINITY : 2;

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function runsBetween({ cron }: Pattern, timeZone: string, [start, end]: readonly [number, number]): number[] {
  const runs: number[] = [];
  let timeMs: number | undefined = start - 1;
  for (;;) {
    timeMs = cronCalendar.nextRunAfter({ cron, timeZone }, timeMs);
    if (timeMs === undefined || timeMs > end) return runs;
    runs.push(timeMs);
  }
}

describe.each(zones)('schedules over the changes of clocks in %s', (timeZone) => {
  const random = createRandom(zones.indexOf(timeZone) + 1);
  const changes = findChanges(timeZone, fromMs, untilMs).slice(0, changesPerZone);

  it('run as a walk through all minutes finds', { timeout: isFull ? 3_600_000 : 60_000 }, () => {
    expect(changes.length).toBeGreaterThan(0);
    for (const changeMs of changes) {
      const minutes = readMinutes(timeZone, changeMs - 48 * hourMs, changeMs + 20 * hourMs);
      const window = [changeMs - 20 * hourMs, changeMs + 20 * hourMs] as const;
      const nearWall = createWallReader(timeZone)(changeMs);
      for (let count = 0; count < patternsPerChange; count += 1) {
        const pattern = randomPattern(random, nearWall);
        const expected = walk(pattern, minutes).filter((timeMs) => timeMs >= window[0]);
        const what = `${pattern.cron} near ${new Date(changeMs).toISOString()}`;
        expect(runsBetween(pattern, timeZone, window), what).toEqual(expected);
        const probe = window[0] + Math.floor(random() * 40 * hourMs);
        const last = expected.findLast((timeMs) => timeMs <= probe);
        if (last !== undefined) {
          expect(cronCalendar.lastRunUntil({ cron: pattern.cron, timeZone }, probe), what).toBe(last);
        }
      }
    }
  });
});
