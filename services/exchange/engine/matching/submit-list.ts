import { ListType, Reason } from '../model/codes.ts';
import { EventKind } from '../model/event-buffer.ts';
import { clipToBand, refuse, refuseTerms } from './admission.ts';
import { countLots } from './answer.ts';
import type { Book } from './book.ts';
import { enter } from './enter.ts';
import { listOffset, roleOffset } from './extra-table.ts';
import { followUp } from './follow-ups.ts';
import { Queue } from './level-table.ts';
import { entryRole, firstExitRole } from './list-table.ts';
import type { MatchingState } from './matching-state.ts';
import type { NewOrder } from './new-order.ts';
import { keyOffset, openOffset, quantityOffset, setPriority } from './order-table.ts';
import { joinQueue } from './queues.ts';
import { createOrder, extraOf, reject, slide } from './submit.ts';

/** A list of new orders as whole numbers, in the order of the command. */
export type NewList = { type: number; idLow: number; idHigh: number; newOrders: readonly NewOrder[] };

/** Submits the orders of a list, all or none (R27). Returns the reason of a rejection, or Reason.NONE. */
export function submitList(state: MatchingState, list: NewList): Reason {
  const { newOrders } = list;
  const book = state.books[newOrders[0]!.book]!;
  const hasEntry = list.type !== ListType.OCO;
  state.detailA = 0;
  state.detailB = 0;
  for (const [index, newOrder] of newOrders.entries()) {
    const enters = index === 0 || !hasEntry;
    clipToBand(book, newOrder);
    const reason = enters ? refuse(state, book, newOrder) : refuseTerms(state, book, newOrder);
    if (reason === Reason.NONE) continue;
    for (const each of newOrders) reject(state, each, reason);
    return reason;
  }
  const firstEvent = state.events.count;
  const slots = createOrders(state, list);
  if (hasEntry) enterEntry(state, book, slots, newOrders);
  else enterExits(state, book, slots, newOrders);
  followUp(state, book);
  countLots(
    state,
    firstEvent,
    newOrders.map(({ key }) => key),
  );
  state.changes.flush(state.events, state.command);
  return Reason.NONE;
}

/** Enters the entry; then the exits that are still live wait without lots. */
function enterEntry(state: MatchingState, book: Book, slots: readonly number[], newOrders: readonly NewOrder[]): void {
  const { words } = state.orders;
  const [entry, ...exits] = slots as [number, ...number[]];
  for (const exit of exits) {
    words[exit + openOffset] = 0;
    words[exit + quantityOffset] = 0;
  }
  slide(state, book, entry, newOrders[0]!);
  enter(state, book, entry);
  for (const [i, exit] of exits.entries()) {
    if (words[exit + keyOffset] !== newOrders[i + 1]!.key) continue;
    setPriority(words, exit, ++state.priorities);
    joinQueue(state, book, Queue.INACTIVE, exit);
  }
}

/** Enters both exits, the second only if the first left it lots. */
function enterExits(state: MatchingState, book: Book, slots: readonly number[], newOrders: readonly NewOrder[]): void {
  let [traded, resting] = [0, 0];
  for (const [i, slot] of slots.entries()) {
    if (state.orders.words[slot + keyOffset] !== newOrders[i]!.key) continue;
    enter(state, book, slot);
    traded += state.tradedLots;
    resting += state.restingLots;
  }
  state.tradedLots = traded;
  state.restingLots = resting;
}

function createOrders(state: MatchingState, list: NewList): number[] {
  const { extras, lists, events, command } = state;
  const number = lists.allocate(list.idLow, list.idHigh);
  const firstRole = list.type === ListType.OCO ? firstExitRole : entryRole;
  return list.newOrders.map((newOrder, index) => {
    const slot = createOrder(state, newOrder);
    const extra = extraOf(state, slot, newOrder);
    extras.words[extra + listOffset] = number;
    extras.words[extra + roleOffset] = firstRole + index;
    lists.words[number + firstRole + index] = slot;
    events.push(EventKind.ACCEPTED, newOrder.book, command, newOrder.key, index);
    return slot;
  });
}
