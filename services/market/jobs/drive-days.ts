/** The days of all books: one replica at a time changes their states at the instants of their calendars. */
import { holdLease, type Lease } from '#platform/postgres/lease.ts';
import { logRetry } from '#platform/telemetry/log-retry.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { pause } from '#platform/time/pause.ts';
import { type Calendar, transitionsAfter } from '../domain/calendar/calendar.ts';
import { calendarOf } from '../domain/calendar/calendars.ts';
import { type DayRecord, emptyDay } from '../domain/day-plan.ts';
import { readTradingDays } from '../store/trading-day.ts';
import type { Catalogue } from '../view/catalogue.ts';
import type { MarketView } from '../view/market-view.ts';
import { type DriveDeps, driveBook, mustDrive } from './drive-book.ts';

/** What driving the days needs. */
export type DriveDaysOptions = DriveDeps & {
  catalogue: Catalogue;
  view: Pick<MarketView, 'get'>;
  /** Whether the view has been built: before, no book is known. */
  isBuilt: () => boolean;
  /** Names this process in the lease. */
  holder: string;
  logger: Logger;
  signal: AbortSignal;
};

/** Bounds how long a halt that another replica stored, or a state that went astray, goes unnoticed. */
const lookEveryMs = 500;
/** Books that are driven at once. */
const booksAtOnce = 16;

type DrivenBook = { symbol: string; calendar: Calendar; record: DayRecord };

/** Drives the books while this process holds the lease, until the signal aborts. */
export async function driveDays(options: DriveDaysOptions): Promise<void> {
  const { db, holder, logger, signal } = options;
  await holdLease({ db, name: 'days', holder, logger, signal, whileHeld: (lease) => driveWhileHeld(options, lease) });
}

async function driveWhileHeld(options: DriveDaysOptions, lease: Lease): Promise<void> {
  const { isBuilt, logger, nowMs } = options;
  while (!lease.signal.aborted) {
    let waitMs = lookEveryMs;
    if (isBuilt()) {
      try {
        const books = await listBooks(options);
        await driveAll(options, books, lease);
        waitMs = Math.min(waitMs, untilNext(books, nowMs()));
      } catch (error) {
        if (!lease.signal.aborted) logRetry(logger, {}, error, 'the days of the books could not be read yet');
      }
    }
    await pause(waitMs, lease.signal);
  }
}

/** Every book that has a day: one with sessions, or one that an operator halted or resumed. */
async function listBooks({ db, catalogue }: DriveDaysOptions): Promise<DrivenBook[]> {
  const records = await readTradingDays(db);
  return catalogue.list().flatMap(({ symbol, calendar: id }) => {
    // Unknown is one of a later release, a replica of which drives it.
    const calendar = calendarOf(id);
    const record = records.get(symbol);
    if (calendar === undefined || (calendar.sessions === undefined && record === undefined)) return [];
    return [{ symbol, calendar, record: record ?? emptyDay }];
  });
}

async function driveAll(options: DriveDaysOptions, books: readonly DrivenBook[], lease: Lease): Promise<void> {
  const { view, nowMs, logger } = options;
  const waiting = books.filter((book) => {
    const symbolView = view.get(book.symbol);
    return symbolView !== undefined && mustDrive({ ...book, nowMs: nowMs() }, symbolView);
  });
  const { isValid: mayDrive, signal } = lease;
  for (let first = 0; first < waiting.length && mayDrive(); first += booksAtOnce) {
    await Promise.all(
      waiting.slice(first, first + booksAtOnce).map(async ({ symbol, calendar }) => {
        try {
          await driveBook(options, { symbol, calendar, mayDrive, signal });
        } catch (error) {
          if (!signal.aborted) logRetry(logger, { symbol }, error, 'the state of a book could not be changed yet');
        }
      }),
    );
  }
}

/** Until the next instant at which the state of a book changes, in ms, at least 1. */
function untilNext(books: readonly DrivenBook[], nowMs: number): number {
  const calendars = new Set(books.map(({ calendar }) => calendar));
  const times = [...calendars].flatMap((calendar) => transitionsAfter(calendar, nowMs, 1).map(({ atMs }) => atMs));
  const reopenings = books.flatMap(({ record }) => record.reopenTimeMs ?? []).filter((timeMs) => timeMs > nowMs);
  return Math.max(1, Math.min(...times, ...reopenings) - nowMs);
}
