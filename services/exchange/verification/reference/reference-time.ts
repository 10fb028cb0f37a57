/** Sessions and due work (R31, R32). */
import { CancelReason, Reason, StateCause, TimeInForce, TradingState } from '../../engine/model/codes.ts';
import type { KeepAliveCommand } from '../../engine/model/commands.ts';
import { cancelOrder } from './reference-changes.ts';
import {
  accept,
  ignore,
  type ReferenceBook,
  type ReferenceOrder,
  type ReferenceOutcome,
  type ReferenceState,
} from './reference-state.ts';
import { changeState } from './reference-states.ts';

const sessionsMax = 10_000;

/** Opens a session or renews it. */
export function keepAliveReference(state: ReferenceState, command: KeepAliveCommand): ReferenceOutcome {
  const { sessionId, accountId, ttlMs } = command;
  const session = state.sessions.get(sessionId);
  if (session && session.accountId !== accountId) return ignore(Reason.SESSION_UNKNOWN);
  if (!session && state.sessions.size >= sessionsMax) return ignore(Reason.BOOK_FULL);
  const began = session?.began ?? state.sessionNext++;
  state.sessions.set(sessionId, { accountId, endsMs: state.nowMs + ttlMs, began });
  return accept();
}

/** Carries out due work: sessions end, then orders expire, then timers of books run out. */
export function timeReference(state: ReferenceState): ReferenceOutcome {
  const { nowMs } = state;
  let wasDue = false;
  const sessions = [...state.sessions].filter(([, { endsMs }]) => endsMs <= nowMs);
  for (const [sessionId] of sessions.sort(([, a], [, b]) => a.endsMs - b.endsMs || a.began - b.began)) {
    state.sessions.delete(sessionId);
    wasDue = true;
    const orders = liveOrders(state).filter((order) => order.sessionId === sessionId);
    for (const order of orders.sort(byAcceptance)) cancelOrder(state, order, CancelReason.DISCONNECTED);
  }
  const isExpired = (order: ReferenceOrder) => order.timeInForce === TimeInForce.GTD && order.expireTimeMs <= nowMs;
  const expired = liveOrders(state).filter(isExpired);
  for (const order of expired.sort((a, b) => a.expireTimeMs - b.expireTimeMs || byAcceptance(a, b))) {
    wasDue = true;
    cancelOrder(state, order, CancelReason.EXPIRED);
  }
  for (const book of state.books) {
    while (book.timerMs !== undefined && book.timerMs <= nowMs) {
      wasDue = true;
      runTimer(state, book, book.timerMs);
    }
  }
  return wasDue ? accept() : ignore(Reason.NONE);
}

function runTimer(state: ReferenceState, book: ReferenceBook, dueMs: number): void {
  const halted = book.state === TradingState.HALTED;
  const next: TradingState = halted ? TradingState.OPENING_AUCTION : TradingState.CONTINUOUS;
  changeState(state, book, { state: next, cause: StateCause.TIMER, commandId: '' });
  if (halted) book.timerMs = dueMs + book.listing.breakerAuctionMs;
}

function liveOrders({ books }: ReferenceState): ReferenceOrder[] {
  return books.flatMap(({ orders }) => orders);
}

function byAcceptance(a: ReferenceOrder, b: ReferenceOrder): number {
  return a.acceptance - b.acceptance;
}
