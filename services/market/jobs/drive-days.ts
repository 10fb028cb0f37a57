/** The days of all books: one replica at a time changes their states at the instants of their calendars. */
import { type Clock, clockLookEveryMs } from '#platform/clock/clock.ts';
import { holdLease, type Lease } from '#platform/postgres/lease.ts';
import { logRetry } from '#platform/telemetry/log-retry.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { pause } from '#platform/time/pause.ts';
import type { Catalogue } from '../view/catalogue.ts';
import type { MarketView } from '../view/market-view.ts';
import { type DriveDeps, driveBook, mustDrive } from './drive-book.ts';
import { type DrivenBook, listDrivenBooks, nextChangeOf } from './driven-books.ts';

/** What driving the days needs. */
export type DriveDaysOptions = DriveDeps & {
  catalogue: Catalogue;
  clock: Pick<Clock, 'nowMs' | 'waitMs' | 'isSettable'>;
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

/** Drives the books while this process holds the lease, until the signal aborts. */
export async function driveDays(options: DriveDaysOptions): Promise<void> {
  const { db, holder, logger, signal } = options;
  await holdLease({ db, name: 'days', holder, logger, signal, whileHeld: (lease) => driveWhileHeld(options, lease) });
}

async function driveWhileHeld(options: DriveDaysOptions, lease: Lease): Promise<void> {
  const { isBuilt, logger } = options;
  while (!lease.signal.aborted) {
    let nextChangeMs = Number.POSITIVE_INFINITY;
    if (isBuilt()) {
      try {
        const books = await listDrivenBooks(options);
        await driveAll(options, books, lease);
        nextChangeMs = nextChangeOf(books, options.clock.nowMs());
      } catch (error) {
        if (!lease.signal.aborted) logRetry(logger, {}, error, 'the days of the books could not be read yet');
      }
    }
    await untilChange(options.clock, nextChangeMs, lease.signal);
  }
}

/** Waits until the market's clock shows a time, at most half a second. A clock that can be set may come to it sooner than it seems. */
async function untilChange(clock: DriveDaysOptions['clock'], timeMs: number, signal: AbortSignal): Promise<void> {
  const partMs = clock.isSettable ? clockLookEveryMs : lookEveryMs;
  for (let leftMs = lookEveryMs; leftMs > 0 && !signal.aborted; leftMs -= partMs) {
    await pause(Math.max(1, Math.min(clock.waitMs(timeMs), partMs)), signal);
    if (clock.waitMs(timeMs) === 0) return;
  }
}

async function driveAll(options: DriveDaysOptions, books: readonly DrivenBook[], lease: Lease): Promise<void> {
  const { view, clock, logger } = options;
  const waiting = books.filter((book) => {
    const symbolView = view.get(book.symbol);
    return symbolView !== undefined && mustDrive({ ...book, nowMs: clock.nowMs() }, symbolView);
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
