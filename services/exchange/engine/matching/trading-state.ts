/** Changes of a book's trading state, and the effects of each new state (R26). */
import { CancelReason, none, StateCause, TimeInForce, TradingState } from '../model/codes.ts';
import { EventFlag, EventKind } from '../model/event-buffer.ts';
import { uncross } from './auction.ts';
import type { Book } from './book.ts';
import { enter } from './enter.ts';
import { followUp } from './follow-ups.ts';
import { massCancel } from './mass-cancel.ts';
import type { MatchingState } from './matching-state.ts';
import { flagsOffset, keyOffset, timeInForceOf } from './order-table.ts';
import { firstOf, leaveQueue } from './queues.ts';
import { onTradePrice, requeueElected } from './stops.ts';

/** Changes the state of a book to another one. DELISTED is final: the caller must not change it. */
export function changeState(state: MatchingState, book: Book, to: TradingState, cause: StateCause): void {
  const from = book.state;
  book.state = to;
  book.timerTimeMs = 0;
  state.events.push(EventKind.STATE_CHANGED, book.number, state.command, to, cause);
  if (from === TradingState.CONTINUOUS) requeueElected(state, book);
  if (to === TradingState.CLOSING_AUCTION) enterAtClose(state, book);
  else if (to === TradingState.CONTINUOUS) resume(state, book);
  else if (to === TradingState.CLOSED) close(state, book, from);
  else if (to === TradingState.DELISTED) {
    massCancel(state, book, () => true, CancelReason.OPERATOR, EventFlag.KEYED);
  }
}

/** Carries out the breaker's timed changes of state that are due. */
export function runTimer(state: MatchingState, book: Book): void {
  while (book.timerTimeMs !== 0 && book.timerTimeMs <= state.nowMs) {
    const dueMs = book.timerTimeMs;
    if (book.state === TradingState.HALTED) {
      changeState(state, book, TradingState.OPENING_AUCTION, StateCause.TIMER);
      book.timerTimeMs = dueMs + book.listing.breakerAuctionMs;
    } else {
      changeState(state, book, TradingState.CONTINUOUS, StateCause.TIMER);
    }
  }
}

function enterAtClose(state: MatchingState, book: Book): void {
  const { orders, events, command } = state;
  for (let slot = firstOf(state, book.atClose); slot !== none; slot = firstOf(state, book.atClose)) {
    leaveQueue(state, slot);
    orders.touch(slot);
    events.push(EventKind.TRIGGERED, book.number, command, orders.words[slot + keyOffset], 0, 0);
    enter(state, book, slot);
  }
}

function resume(state: MatchingState, book: Book): void {
  uncross(state, book);
  expire(state, book, (timeInForce) => timeInForce === TimeInForce.AT_OPEN);
  if (book.lastPrice !== 0) onTradePrice(state, book, book.lastPrice);
  book.setBreaker(book.reference);
  followUp(state, book);
}

function close(state: MatchingState, book: Book, from: TradingState): void {
  if (from === TradingState.CLOSING_AUCTION) uncross(state, book);
  followUp(state, book);
  expire(state, book, (timeInForce) => timeInForce === TimeInForce.DAY || timeInForce >= TimeInForce.AT_OPEN);
}

function expire(state: MatchingState, book: Book, ends: (timeInForce: number) => boolean): void {
  const { words } = state.orders;
  const takes = (slot: number) => ends(timeInForceOf(words[slot + flagsOffset]!));
  massCancel(state, book, takes, CancelReason.EXPIRED, 0);
}
