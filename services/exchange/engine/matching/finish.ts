/** The end of orders, and of those that end with them. */
import { CancelReason, NONE } from '../codes.ts';
import { EventKind } from '../event-buffer.ts';
import { LIST, ROLE } from './extra-table.ts';
import { ENTRY, ENTRY_TRADED, FIRST_EXIT, SECOND_EXIT } from './list-table.ts';
import type { MatchingState } from './matching-state.ts';
import { BOOK, EXTRA, KEY, LEVEL, OPEN } from './order-table.ts';
import { leaveQueue } from './queues.ts';
import { endTrailing } from './trailing-stops.ts';

/** Cancels a live order, and with it the orders of its list that end with it (R29). `flags` are those of EventFlag. */
export function cancelOrder(state: MatchingState, slot: number, reason: CancelReason, flags: number): void {
  const { orders, extras, lists, events } = state;
  const { words } = orders;
  const key = words[slot + KEY]!;
  events.push(EventKind.CANCELLED, words[slot + BOOK]!, state.command, key, reason, words[slot + OPEN], flags);
  if (words[slot + LEVEL] !== NONE) leaveQueue(state, slot);
  const extra = words[slot + EXTRA]!;
  if (extra === NONE) {
    orders.release(slot);
    return;
  }
  const list = extras.words[extra + LIST]!;
  const role = extras.words[extra + ROLE]!;
  let [first, second]: [number, number] = [NONE, NONE];
  if (list !== NONE && role !== ENTRY) {
    first = lists.words[list + otherExit(role)]!;
    second = lists.words[list + ENTRY]!;
  } else if (list !== NONE && lists.words[list + ENTRY_TRADED] === 0) {
    first = lists.words[list + FIRST_EXIT]!;
    second = lists.words[list + SECOND_EXIT]!;
  }
  releaseOrder(state, slot);
  withdraw(state, first);
  withdraw(state, second);
}

/** Cancels an order because another one of its list goes on or ended; nothing ends with it. Nothing happens for NONE. */
export function withdraw(state: MatchingState, slot: number): void {
  if (slot === NONE) return;
  leaveList(state, state.orders.words[slot + EXTRA]!);
  cancelOrder(state, slot, CancelReason.LIST, 0);
}

/** Frees all that a dead order has. It must be in no queue. */
export function releaseOrder(state: MatchingState, slot: number): void {
  const { orders, extras, expiries } = state;
  const extra = orders.words[slot + EXTRA]!;
  if (extra !== NONE) {
    endTrailing(state, state.books[orders.words[slot + BOOK]!]!, slot, extra);
    expiries.remove(extra);
    leaveList(state, extra);
    extras.release(extra);
  }
  orders.release(slot);
}

/** The role of the exit beside an exit. */
export function otherExit(role: number): number {
  return role === FIRST_EXIT ? SECOND_EXIT : FIRST_EXIT;
}

function leaveList({ extras, lists }: MatchingState, extra: number): void {
  const list = extras.words[extra + LIST]!;
  if (list === NONE) return;
  extras.words[extra + LIST] = NONE;
  lists.leave(list, extras.words[extra + ROLE]!);
}
