import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { type Calendar, transitionsAfter } from '../domain/calendar/calendar.ts';
import { calendarOf } from '../domain/calendar/calendars.ts';
import { type DayRecord, emptyDay } from '../domain/day-plan.ts';
import { readTradingDays } from '../store/trading-day.ts';
import type { Catalogue } from '../view/catalogue.ts';
import type { MarketView } from '../view/market-view.ts';
import type { SymbolView } from '../view/symbol-view.ts';

/** A book that has a day, and where that stands. */
export type DrivenBook = { symbol: string; calendar: Calendar; record: DayRecord };

/** Every book that has a day: one with sessions, or one that an operator halted or resumed. */
export async function listDrivenBooks(deps: { db: Database; catalogue: Catalogue }): Promise<DrivenBook[]> {
  const records = await readTradingDays(deps.db);
  return deps.catalogue.list().flatMap(({ symbol, calendar: id }) => {
    // Unknown is one of a later release, a replica of which drives it.
    const calendar = calendarOf(id);
    const record = records.get(symbol);
    if (calendar === undefined || (calendar.sessions === undefined && record === undefined)) return [];
    return [{ symbol, calendar, record: record ?? emptyDay }];
  });
}

/** The next time, Unix ms, at which the state of a book changes; Infinity: none does. */
export function nextChangeOf(books: readonly DrivenBook[], nowMs: number): number {
  const calendars = new Set(books.map(({ calendar }) => calendar));
  const times = [...calendars].flatMap((calendar) => transitionsAfter(calendar, nowMs, 1).map(({ atMs }) => atMs));
  const reopenings = books.flatMap(({ record }) => record.reopenTimeMs ?? []).filter((timeMs) => timeMs > nowMs);
  return Math.min(...times, ...reopenings);
}

/** When the circuit breaker next changes the state of each book that it has halted or reopens, Unix ms: also times that have come. */
export function breakerTimes({ catalogue, view }: { catalogue: Catalogue; view: Pick<MarketView, 'get'> }): number[] {
  return catalogue.list().flatMap(({ symbol }) => {
    const { state, interruption } = view.get(symbol) ?? {};
    if (interruption === undefined) return [];
    return [state === TradingState.HALTED ? interruption.auctionTimeMs : interruption.resumeTimeMs];
  });
}

/** Whether a book changes its state at all: one that is not listed yet and one that is delisted do not. */
export function isDriven(book: SymbolView | undefined): boolean {
  return book !== undefined && book.state !== TradingState.DELISTED;
}
