/** The ends of auctions: every replica's view has those of the books that are in one. */
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { Clock } from '#platform/clock/clock.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { logRetry } from '#platform/telemetry/log-retry.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { pause } from '#platform/time/pause.ts';
import { auctionEndOf } from '../domain/auction-end.ts';
import { calendarOf } from '../domain/calendar/calendars.ts';
import { emptyDay } from '../domain/day-plan.ts';
import { phaseOf } from '../rpc/messages/session-messages.ts';
import { readTradingDays } from '../store/trading-day.ts';
import type { Catalogue } from '../view/catalogue.ts';
import type { MarketView } from '../view/market-view.ts';

/** What noting the ends needs. */
export type NoteAuctionEndsOptions = {
  db: Database;
  catalogue: Pick<Catalogue, 'list'>;
  view: Pick<MarketView, 'get' | 'setAuctionEnd'>;
  clock: Pick<Clock, 'nowMs'>;
  logger: Logger;
  signal: AbortSignal;
};

const { OPENING_AUCTION, CLOSING_AUCTION } = TradingState;
/** Bounds how long an auction has no end in the view, or the end of another replica's resumption goes unnoticed. */
const lookEveryMs = 500;

/**
 * Looks twice a second until the signal aborts. The database is read only while a book is in an auction of its calendar or of an operator: of the
 * breaker's the exchange says the end. Without the database, quotes have the ends that were read before.
 */
export async function noteAuctionEnds(options: NoteAuctionEndsOptions): Promise<void> {
  const { logger, signal } = options;
  while (!signal.aborted) {
    try {
      await noteOnce(options);
    } catch (error) {
      if (!signal.aborted) logRetry(logger, {}, error, 'the ends of auctions could not be read yet');
    }
    await pause(lookEveryMs, signal);
  }
}

async function noteOnce({ db, catalogue, view, clock }: NoteAuctionEndsOptions): Promise<void> {
  const waiting = catalogue.list().filter(({ symbol }) => isInAuction(view, symbol));
  if (waiting.length === 0) return;
  const records = await readTradingDays(db);
  const nowMs = clock.nowMs();
  for (const { symbol, calendar: id } of waiting) {
    const calendar = calendarOf(id);
    const state = view.get(symbol)?.state;
    if (calendar === undefined || state === undefined) continue;
    const record = records.get(symbol) ?? emptyDay;
    const endMs = auctionEndOf({ symbol, calendar, record, nowMs }, phaseOf(state));
    // Else the book is late to leave an auction that has ended: its end is known.
    if (endMs !== undefined) view.setAuctionEnd(symbol, endMs);
  }
}

function isInAuction(view: Pick<MarketView, 'get'>, symbol: string): boolean {
  const { state, interruption } = view.get(symbol) ?? {};
  return interruption === undefined && (state === OPENING_AUCTION || state === CLOSING_AUCTION);
}
