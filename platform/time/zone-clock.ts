/** The clock on the wall of a time zone. Its times are written as Unix ms, as if the zone were UTC: wall ms. */

/** The moment at which clocks change, in Unix ms, and the offsets before and from it on, in ms east of UTC. */
export type ClockChange = { atMs: number; before: number; after: number };

/** Conversions between Unix ms and the wall ms of one zone. Clocks change at most once within the reach of a conversion, 30 hours. */
export type ZoneClock = {
  /** What the clock shows at a time. */
  wallAt(timeMs: number): number;
  /** The latest that the clock has shown until a time: later than what it shows for as long as it repeats times. */
  latestShownUntil(timeMs: number): number;
  /** The first moment at which the clock shows this or has skipped it. */
  firstMomentOf(wallMs: number): number;
  /** The change in the 30 hours until a time, the time itself included, or after it; undefined when there is none. */
  changeUntil(timeMs: number): ClockChange | undefined;
  changeAfter(timeMs: number): ClockChange | undefined;
};

const hourMs = 3_600_000;
/** Longer than any change of clocks, and than any offset: a day that was skipped or repeated is within it. */
const reachMaxMs = 30 * hourMs;

/** The clock of a zone that Intl knows, by its name. Throws RangeError for others. */
export function createZoneClock(timeZone: string): ZoneClock {
  const offsetAt = createOffset(timeZone);
  let lastFound: ClockChange | undefined;
  const changeAfter = (fromMs: number) => {
    const untilMs = fromMs + reachMaxMs;
    // Near a change it is looked for again and again, each time with some thirty readings of the clock.
    if (lastFound !== undefined && fromMs < lastFound.atMs && lastFound.atMs <= untilMs) return lastFound;
    const change = findChange(offsetAt, fromMs, untilMs);
    lastFound = change ?? lastFound;
    return change;
  };
  return {
    wallAt: (timeMs) => timeMs + offsetAt(timeMs),
    changeUntil: (timeMs) => changeAfter(timeMs - reachMaxMs),
    changeAfter,
    latestShownUntil(timeMs) {
      const wall = timeMs + offsetAt(timeMs);
      const change = changeAfter(timeMs - reachMaxMs);
      return change === undefined ? wall : Math.max(wall, change.atMs - 1 + change.before);
    },
    firstMomentOf(wallMs) {
      const fromMs = wallMs - reachMaxMs / 2;
      const change = changeAfter(fromMs);
      if (change === undefined) return wallMs - offsetAt(fromMs);
      const first = wallMs - change.before;
      return first < change.atMs ? first : Math.max(change.atMs, wallMs - change.after);
    },
  };
}

function findChange(offsetAt: (timeMs: number) => number, fromMs: number, untilMs: number): ClockChange | undefined {
  const [before, after] = [offsetAt(fromMs), offsetAt(untilMs)];
  if (before === after) return undefined;
  let [low, high] = [fromMs, untilMs];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle) === before) low = middle;
    else high = middle;
  }
  return { atMs: high, before, after };
}

/** The offset of a zone at a time, in ms. */
function createOffset(timeZone: string): (timeMs: number) => number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (timeMs) => {
    const wholeMs = Math.floor(timeMs / 1_000) * 1_000;
    const parts = Object.fromEntries(format.formatToParts(wholeMs).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - wholeMs;
  };
}
