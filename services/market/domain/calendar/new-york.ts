/**
 * The calendar that the New York Stock Exchange and Nasdaq share. Source: the holidays and trading hours that both publish
 * (nyse.com/trade/hours-calendars, nasdaqtrader.com, "U.S. Market Holiday Schedule"), and NYSE Rule 7.2 for holidays on a weekend. The
 * rules are those since 2022, when Juneteenth became a holiday.
 */
import { createZoneClock } from '#platform/time/zone-clock.ts';
import type { Calendar, SessionPlan } from './calendar.ts';
import { dayOf, easterSunday, lastWeekday, nthWeekday, weekdayOf, yearOf } from './dates.ts';

const timeZone = 'America/New_York';
const [sunday, monday, thursday, friday, saturday] = [0, 1, 4, 5, 6] as const;

// Orders are taken from 6:30 on; trading is from 9:30 to 16:00, on half days to 13:00. Both exchanges announce prices of an auction before
// it and trade meanwhile; a book of ours does not trade in an auction, which therefore takes but the last two minutes.
const auctionMinutes = 2;
const wholeDay = planOf({ open: at(9, 30), close: at(16, 0), isHalfDay: false });
const halfDay = planOf({ open: at(9, 30), close: at(13, 0), isHalfDay: true });

/** Days on which the exchanges were closed beside their holidays. 2025-01-09: mourning for President Carter. */
const closedOnce = new Set([dayOf(2025, 1, 9)]);

/** The calendar. */
export const newYork: Calendar = {
  id: 'XNYS',
  name: 'New York Stock Exchange and Nasdaq',
  timeZone,
  sessions: { clock: createZoneClock(timeZone), planOf: sessionPlanOf },
};

const years = new Map<number, ReturnType<typeof specialDaysOf>>();

function sessionPlanOf(day: number): SessionPlan | undefined {
  const weekday = weekdayOf(day);
  if (weekday === saturday || weekday === sunday) return undefined;
  const year = yearOf(day);
  let special = years.get(year);
  if (special === undefined) {
    special = specialDaysOf(year);
    years.set(year, special);
  }
  if (special.holidays.has(day) || closedOnce.has(day)) return undefined;
  return special.halfDays.has(day) ? halfDay : wholeDay;
}

function specialDaysOf(year: number) {
  const [newYear, juneteenth] = [dayOf(year, 1, 1), dayOf(year, 6, 19)];
  const [independence, christmas] = [dayOf(year, 7, 4), dayOf(year, 12, 25)];
  const thanksgiving = nthWeekday(4, thursday, { year, month: 11 });
  const holidays = new Set([
    // The Friday before a Saturday would be the last day of the year, on which the exchanges trade.
    weekdayOf(newYear) === saturday ? newYear : observed(newYear),
    // Martin Luther King, Jr. Day and Washington's Birthday.
    nthWeekday(3, monday, { year, month: 1 }),
    nthWeekday(3, monday, { year, month: 2 }),
    // Good Friday.
    easterSunday(year) - 2,
    // Memorial Day.
    lastWeekday(monday, { year, month: 5 }),
    observed(juneteenth),
    observed(independence),
    // Labor Day.
    nthWeekday(1, monday, { year, month: 9 }),
    thanksgiving,
    observed(christmas),
  ]);
  // The days before Independence Day and Christmas count only where the holiday is on a weekday and they are too.
  const eves = [independence, christmas].filter((day) => weekdayOf(day) > monday && weekdayOf(day) <= friday);
  return { holidays, halfDays: new Set([thanksgiving + 1, ...eves.map((day) => day - 1)]) };
}

/** The weekday on which a holiday is observed: the Friday before a Saturday, the Monday after a Sunday. */
function observed(day: number): number {
  const weekday = weekdayOf(day);
  if (weekday === saturday) return day - 1;
  return weekday === sunday ? day + 1 : day;
}

function planOf({ open, close, isHalfDay }: { open: number; close: number; isHalfDay: boolean }): SessionPlan {
  return {
    isHalfDay,
    begins: {
      'pre-open': at(6, 30),
      'opening-auction': open - auctionMinutes,
      continuous: open,
      'closing-auction': close - auctionMinutes,
      closed: close,
    },
  };
}

function at(hour: number, minute: number): number {
  return hour * 60 + minute;
}
