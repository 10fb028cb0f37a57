/** A slow model of New York's market: dates written by hand from the published lists, and what Intl says that the wall shows. */
import type { Phase } from '../calendar.ts';

const holidays = new Set(
  `2024-01-01 2024-01-15 2024-02-19 2024-03-29 2024-05-27 2024-06-19 2024-07-04 2024-09-02 2024-11-28 2024-12-25
   2025-01-01 2025-01-09 2025-01-20 2025-02-17 2025-04-18 2025-05-26 2025-06-19 2025-07-04 2025-09-01 2025-11-27 2025-12-25
   2026-01-01 2026-01-19 2026-02-16 2026-04-03 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-11-26 2026-12-25
   2027-01-01 2027-01-18 2027-02-15 2027-03-26 2027-05-31 2027-06-18 2027-07-05 2027-09-06 2027-11-25 2027-12-24
   2028-01-17 2028-02-21 2028-04-14 2028-05-29 2028-06-19 2028-07-04 2028-09-04 2028-11-23 2028-12-25
   2029-01-01 2029-01-15 2029-02-19 2029-03-30 2029-05-28 2029-06-19 2029-07-04 2029-09-03 2029-11-22 2029-12-25
   2030-01-01 2030-01-21 2030-02-18 2030-04-19 2030-05-27 2030-06-19 2030-07-04 2030-09-02 2030-11-28 2030-12-25`.split(
    /\s+/,
  ),
);
const halfDays = new Set(
  `2024-07-03 2024-11-29 2024-12-24 2025-07-03 2025-11-28 2025-12-24 2026-11-27 2026-12-24 2027-11-26
   2028-07-03 2028-11-24 2029-07-03 2029-11-23 2029-12-24 2030-07-03 2030-11-29 2030-12-24`.split(/\s+/),
);

type Begin = readonly [string, Phase];
const morning: readonly Begin[] = [
  ['06:30', 'pre-open'],
  ['09:28', 'opening-auction'],
  ['09:30', 'continuous'],
];
const wholeDay: readonly Begin[] = [...morning, ['15:58', 'closing-auction'], ['16:00', 'closed']];
const halfDay: readonly Begin[] = [...morning, ['12:58', 'closing-auction'], ['13:00', 'closed']];

/** The model. */
export type SlowMarket = {
  /** The phase and the date of its session, as text. */
  phaseAt(timeMs: number): string;
  /** Sessions from a date to another, both included. */
  sessionCount(fromDate: string, untilDate: string): number;
};

/** A model with the dates of 2024 to 2030. */
export function createSlowMarket(): SlowMarket {
  const options = { timeZone: 'America/New_York', dateStyle: 'short', timeStyle: 'short' } as const;
  const wall = new Intl.DateTimeFormat('sv-SE', options);
  return {
    phaseAt(timeMs) {
      const [today = '', time = ''] = wall.format(timeMs).split(' ');
      const begun = isSession(today) ? beginsOf(today).findLast(([begin]) => begin <= time) : undefined;
      if (begun !== undefined) return `${begun[1]} ${today}`;
      let date = dayBefore(today);
      while (!isSession(date)) date = dayBefore(date);
      return `closed ${date}`;
    },
    sessionCount(fromDate, untilDate) {
      let count = 0;
      for (let date = untilDate; date >= fromDate; date = dayBefore(date)) if (isSession(date)) count += 1;
      return count;
    },
  };
}

function isSession(date: string): boolean {
  const weekday = new Date(`${date}T12:00:00Z`).toUTCString().slice(0, 3);
  return weekday !== 'Sat' && weekday !== 'Sun' && !holidays.has(date);
}

function beginsOf(date: string): readonly Begin[] {
  return halfDays.has(date) ? halfDay : wholeDay;
}

function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T12:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
