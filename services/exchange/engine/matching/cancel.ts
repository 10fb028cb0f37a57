import { CancelReason, none } from '../model/codes.ts';
import { EventFlag } from '../model/event-buffer.ts';
import { cancelOrder } from './finish.ts';
import { massCancel, ofAccount } from './mass-cancel.ts';
import type { MatchingState } from './matching-state.ts';

/** Cancels one live order by its slot. `flags` are those of EventFlag. */
export function cancel(state: MatchingState, slot: number, reason: CancelReason, flags: number): void {
  cancelOrder(state, slot, reason, flags);
  state.changes.flush(state.events, state.command);
}

/** Cancels the orders of an account (`none`: all), a book (`none`: all) and a side (0: both). */
export function cancelAll(state: MatchingState, account: number, bookNumber: number, side: number): void {
  const reason = account === none ? CancelReason.OPERATOR : CancelReason.REQUESTED;
  for (const book of state.books) {
    if (bookNumber !== none && book.number !== bookNumber) continue;
    massCancel(state, book, ofAccount(state, account, side), reason, EventFlag.KEYED);
  }
  state.changes.flush(state.events, state.command);
}
