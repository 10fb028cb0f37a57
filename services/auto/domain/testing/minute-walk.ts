/** A slow model of schedules: it walks through every minute and reads what the clock on the wall shows from Intl. */

const minuteMs = 60_000;

/** A schedule as sets, with its cron text. `days` or `weekdays` is undefined for any. */
export type Pattern = {
  cron: string;
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  days: ReadonlySet<number> | undefined;
  months: ReadonlySet<number>;
  weekdays: ReadonlySet<number> | undefined;
};

/** What the clock shows in a minute: the time as if it were in UTC, in minutes since 1970. */
export type Minute = { timeMs: number; wall: number };

/** Reads the clock of a zone. */
export function createWallReader(timeZone: string): (timeMs: number) => number {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return (timeMs) => Date.parse(`${format.format(timeMs).replace(' ', 'T')}:00Z`) / minuteMs;
}

/** The first minutes, in Unix ms, in which the clock of a zone does not show the minute after the one before. */
export function findChanges(timeZone: string, fromMs: number, untilMs: number): number[] {
  const wallAt = createWallReader(timeZone);
  const offsetAt = (timeMs: number) => wallAt(timeMs) - timeMs / minuteMs;
  const dayMs = 24 * 60 * minuteMs;
  const changes: number[] = [];
  for (let day = fromMs; day < untilMs; day += dayMs) {
    if (offsetAt(day) === offsetAt(day + dayMs)) continue;
    let timeMs = day + minuteMs;
    while (offsetAt(timeMs) === offsetAt(timeMs - minuteMs)) timeMs += minuteMs;
    changes.push(timeMs);
  }
  return changes;
}

/** Every minute from one time to another. */
export function readMinutes(timeZone: string, fromMs: number, untilMs: number): Minute[] {
  const wallAt = createWallReader(timeZone);
  const minutes: Minute[] = [];
  for (let timeMs = fromMs; timeMs <= untilMs; timeMs += minuteMs) minutes.push({ timeMs, wall: wallAt(timeMs) });
  return minutes;
}

/** The minutes with a run: by the clock where every hour has runs, each time on the wall once otherwise. */
export function walk(pattern: Pattern, minutes: readonly Minute[]): number[] {
  if (pattern.hours.size === 24)
    return minutes.filter(({ wall }) => matches(pattern, wall)).map(({ timeMs }) => timeMs);
  const seen = new Set<number>();
  let before = (minutes[0]?.wall ?? 0) - 1;
  return minutes.flatMap(({ timeMs, wall }) => {
    let isDue = false;
    // What was skipped counts as seen in the minute that follows.
    for (let shown = Math.min(before + 1, wall); shown <= wall; shown += 1) {
      if (!seen.has(shown) && matches(pattern, shown)) isDue = true;
      seen.add(shown);
    }
    before = wall;
    return isDue ? [timeMs] : [];
  });
}

function matches({ minutes, hours, days, months, weekdays }: Pattern, wall: number): boolean {
  const date = new Date(wall * minuteMs);
  if (!minutes.has(date.getUTCMinutes()) || !hours.has(date.getUTCHours())) return false;
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const [isDay, isWeekday] = [days?.has(date.getUTCDate()), weekdays?.has(date.getUTCDay())];
  // As in every cron: of a day and a weekday, one suffices.
  return isDay === undefined && isWeekday === undefined ? true : isDay === true || isWeekday === true;
}

/** A random schedule with runs near a time on the wall; `random` gives numbers from 0 to below 1. */
export function randomPattern(random: () => number, nearWall: number): Pattern {
  const pick = (count: number) => Math.floor(random() * count);
  const near = (minutes: number) => new Date((nearWall + minutes) * minuteMs);
  const aroundHour = near(60 * (pick(7) - 3)).getUTCHours();
  const minutes = randomField(pick, { from: 0, to: 59, around: near(15 * pick(4)).getUTCMinutes() });
  const hours = randomField(pick, { from: 0, to: 23, around: aroundHour });
  const kind = pick(6);
  const dayOf = () => near(1_440 * (pick(3) - 1));
  const days = kind === 0 || kind === 1 ? plainList(pick, { from: 1, to: 31, around: dayOf().getUTCDate() }) : any;
  const weekdays = kind === 1 || kind === 2 ? plainList(pick, { from: 0, to: 6, around: dayOf().getUTCDay() }) : any;
  const month = near(0).getUTCMonth() + 1;
  const months = kind === 3 ? plainList(pick, { from: 1, to: 12, around: month }) : any;
  return {
    cron: [minutes, hours, days, months, weekdays].map(({ text }) => text).join(' '),
    minutes: minutes.set ?? range(0, 59),
    hours: hours.set ?? range(0, 23),
    days: days.set,
    months: months.set ?? range(1, 12),
    weekdays: weekdays.set,
  };
}

type Field = { text: string; set: ReadonlySet<number> | undefined };
type Bounds = { from: number; to: number; around: number };
type Pick = (count: number) => number;

const any: Field = { text: '*', set: undefined };

function range(from: number, to: number, step = 1): Set<number> {
  return new Set(Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step));
}

function randomField(pick: Pick, bounds: Bounds): Field {
  const { from, to, around } = bounds;
  switch (pick(6)) {
    case 0:
      return any;
    case 1: {
      const step = 2 + pick(12);
      return { text: `*/${step}`, set: range(from, to, step) };
    }
    case 2: {
      const [first, step] = [Math.max(from, around - pick(3)), 1 + pick(5)];
      const last = Math.min(to, first + 1 + pick(8));
      return { text: `${first}-${last}/${step}`, set: range(first, last, step) };
    }
    default:
      return plainList(pick, bounds);
  }
}

/** One value, a list or a range. */
function plainList(pick: Pick, { from, to, around }: Bounds): Field {
  if (pick(4) === 0) {
    const last = Math.min(to, around + pick(4));
    return { text: `${around}-${last}`, set: range(around, last) };
  }
  const others = Array.from({ length: pick(4) }, () => from + pick(to - from + 1));
  return { text: [around, ...others].join(','), set: new Set([around, ...others]) };
}
