import { CancelReason, NONE } from '../codes.ts';
import { EventFlag } from '../event-buffer.ts';
import { cancelOrder } from './finish.ts';
import type { MatchingState } from './matching-state.ts';
import { cancelSwept, ofAccount } from './sweep.ts';

/** Cancels one live order by its slot. `flags` are those of EventFlag. */
export function cancel(state: MatchingState, slot: number, reason: CancelReason, flags: number): void {
  cancelOrder(state, slot, reason, flags);
  state.changes.flush(state.events, state.command);
}

/** Cancels the orders of an account (NONE: of all), a book (NONE: of all) and a side (0: of both). Returns how many ended. */
export function cancelAll(state: MatchingState, account: number, bookNumber: number, side: number): number {
  const reason = account === NONE ? CancelReason.OPERATOR : CancelReason.REQUESTED;
  const liveBefore = state.orders.count;
  for (const book of state.books) {
    if (bookNumber !== NONE && book.number !== bookNumber) continue;
    cancelSwept(state, book, ofAccount(state, account, side), reason, EventFlag.KEYED);
  }
  state.changes.flush(state.events, state.command);
  return liveBefore - state.orders.count;
}
