import type { ListSessionsRequest } from '#gen/outcry/market/v1/market_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import { numberCursor } from '#platform/paging/token.ts';
import type { MarketDeps } from '../deps.ts';
import { type Calendar, marketDayAt, type Session, sessionOn } from '../domain/calendar/calendar.ts';
import { dayOf, parseDate } from '../domain/calendar/dates.ts';
import { sessionMessageOf } from './messages/session-messages.ts';
import { requireCalendar, requireInstrument } from './request-fields.ts';

// The rules of the shipped calendars are those of these years.
const [firstDay, lastDay] = [dayOf(2022, 1, 1), dayOf(2099, 12, 31)];

/** Sessions of a calendar by date. */
export async function listSessions(deps: MarketDeps, request: ListSessionsRequest) {
  const calendar = calendarAsked(deps, request);
  const fromDay = readDay('start_date', request.startDate) ?? marketDayAt(calendar, deps.clock.nowMs());
  const untilDay = readDay('end_date', request.endDate) ?? lastDay;
  const list = `sessions ${calendar.id} ${request.startDate} ${request.endDate}`;
  const { cursor, limit } = readPage(request, { list, cursor: numberCursor, sizeMax: 400 });
  const afterDay = cursor === undefined ? fromDay - 1 : Number(cursor);
  const found = sessionsBetween(calendar, { afterDay, untilDay, limit: limit + 1 });
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ day }) => String(day) });
  const { id, timeZone } = calendar;
  return { calendar: id, timeZone, sessions: rows.map(sessionMessageOf), nextPageToken };
}

function calendarAsked({ catalogue }: MarketDeps, { calendar, symbol }: ListSessionsRequest): Calendar {
  if ((calendar === '') === (symbol === '')) throw invalidArgument('calendar', 'is set, or else symbol');
  return requireCalendar(calendar === '' ? requireInstrument(catalogue, symbol).calendar : calendar);
}

function readDay(field: string, text: string): number | undefined {
  if (text === '') return undefined;
  const day = parseDate(text);
  if (day !== undefined && day >= firstDay && day <= lastDay) return day;
  throw invalidArgument(field, 'must be a date from 2022-01-01 to 2099-12-31');
}

function sessionsBetween(
  calendar: Calendar,
  { afterDay, untilDay, limit }: { afterDay: number; untilDay: number; limit: number },
): Session[] {
  const found: Session[] = [];
  if (calendar.sessions === undefined) return found;
  for (let day = afterDay + 1; day <= untilDay && found.length < limit; day += 1) {
    const session = sessionOn(calendar, day);
    if (session !== undefined) found.push(session);
  }
  return found;
}
