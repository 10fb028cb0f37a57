/** The end of orders, and of the linked orders of their lists. */
import { CancelReason, none } from '../model/codes.ts';
import { EventKind } from '../model/event-buffer.ts';
import { listOffset, roleOffset } from './extra-table.ts';
import { entryRole, entryTradedOffset, firstExitRole, secondExitRole } from './list-table.ts';
import type { MatchingState } from './matching-state.ts';
import { bookOffset, extraOffset, keyOffset, levelOffset, openOffset } from './order-table.ts';
import { leaveQueue } from './queues.ts';
import { endTrailing } from './trailing-stops.ts';

/** Cancels a live order and the orders of its list that end with it (R29). `flags` are those of EventFlag. */
export function cancelOrder(state: MatchingState, slot: number, reason: CancelReason, flags: number): void {
  const { orders, extras, lists, events } = state;
  const { words } = orders;
  const key = words[slot + keyOffset]!;
  events.push(
    EventKind.CANCELLED,
    words[slot + bookOffset]!,
    state.command,
    key,
    reason,
    words[slot + openOffset],
    flags,
  );
  if (words[slot + levelOffset] !== none) leaveQueue(state, slot);
  const extra = words[slot + extraOffset]!;
  if (extra === none) {
    orders.release(slot);
    return;
  }
  const list = extras.words[extra + listOffset]!;
  const role = extras.words[extra + roleOffset]!;
  let [first, second]: [number, number] = [none, none];
  if (list !== none && role !== entryRole) {
    first = lists.words[list + otherExit(role)]!;
    second = lists.words[list + entryRole]!;
  } else if (list !== none && lists.words[list + entryTradedOffset] === 0) {
    first = lists.words[list + firstExitRole]!;
    second = lists.words[list + secondExitRole]!;
  }
  releaseOrder(state, slot);
  cancelLinked(state, first);
  cancelLinked(state, second);
}

/** Cancels an order because of another one of its list, without further cancels. Does nothing for `none`. */
export function cancelLinked(state: MatchingState, slot: number): void {
  if (slot === none) return;
  leaveList(state, state.orders.words[slot + extraOffset]!);
  cancelOrder(state, slot, CancelReason.LIST, 0);
}

/** Frees the slots of a dead order, which must be in no queue. */
export function releaseOrder(state: MatchingState, slot: number): void {
  const { orders, extras, expiries } = state;
  const extra = orders.words[slot + extraOffset]!;
  if (extra !== none) {
    endTrailing(state, state.books[orders.words[slot + bookOffset]!]!, slot, extra);
    expiries.remove(extra);
    leaveList(state, extra);
    extras.release(extra);
  }
  orders.release(slot);
}

/** The role of the other exit. */
export function otherExit(role: number): number {
  return role === firstExitRole ? secondExitRole : firstExitRole;
}

function leaveList({ extras, lists }: MatchingState, extra: number): void {
  const list = extras.words[extra + listOffset]!;
  if (list === none) return;
  extras.words[extra + listOffset] = none;
  lists.leave(list, extras.words[extra + roleOffset]!);
}
