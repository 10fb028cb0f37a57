/** The calendars that are shipped. */
import type { Calendar } from './calendar.ts';
import { newYork } from './new-york.ts';

/** The calendar of an instrument that names none: it trades without end. */
export const alwaysOpen: Calendar = { id: '24x7', name: 'Without end', timeZone: 'UTC' };

/** All calendars, in the order in which they are listed. */
export const calendars: readonly Calendar[] = [alwaysOpen, newYork];

const byId = new Map(calendars.map((calendar) => [calendar.id, calendar]));

/** The calendar of a name; undefined for an unknown one, such as one of a later release. */
export function calendarOf(id: string): Calendar | undefined {
  return byId.get(id);
}
