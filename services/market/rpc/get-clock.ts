import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { GetClockRequest } from '#gen/outcry/market/v1/market_pb.ts';
import type { MarketDeps } from '../deps.ts';
import { calendars } from '../domain/calendar/calendars.ts';
import { readClock } from '../domain/calendar/clock-reading.ts';
import { calendarClockOf } from './messages/session-messages.ts';
import { requireCalendar } from './request-fields.ts';

/** The market's time, and what it is by each calendar. */
export async function getClock({ clock }: MarketDeps, { calendar }: GetClockRequest) {
  const asked = calendar === '' ? calendars : [requireCalendar(calendar)];
  const timeMs = Math.floor(clock.nowMs());
  return {
    time: timestampFromMs(timeMs),
    calendars: asked.map((one) => calendarClockOf(one, readClock(one, timeMs))),
    speed: clock.speed(),
    settable: clock.isSettable,
  };
}
