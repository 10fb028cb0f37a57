/** Changes of a live order (fewer lots, replaced, resting, ended) and their effects on its list (R28, R29). */
import { CancelReason } from '../../engine/model/codes.ts';
import { massCancelOrder } from './reference-book.ts';
import {
  bookOf,
  nextPriority,
  nextSequence,
  type ReferenceBook,
  type ReferenceList,
  type ReferenceOrder,
  type ReferenceState,
} from './reference-state.ts';

/** Emits the present terms of an order with a new revision. */
export function emitReplaced(
  state: ReferenceState,
  order: ReferenceOrder,
  commandId: string,
  priorityKept: boolean,
): void {
  order.revision++;
  const { symbol, orderId, accountId, priceTicks, totalLots, openLots, revision } = order;
  const numbers = { priceTicks, quantityLots: totalLots, remainingLots: openLots, revision };
  state.events.push({ kind: 'replaced', symbol, orderId, accountId, ...numbers, commandId, priorityKept });
}

/** Rests an order behind all others at its price; an iceberg shows a new slice. */
export function rest(state: ReferenceState, order: ReferenceOrder): void {
  order.where = 'resting';
  order.priority = nextPriority(state);
  order.sliceLots = Math.min(order.displayLots, order.openLots);
}

/** Reduces the total and the open quantity of an order that retains some lots. */
export function takeLots(state: ReferenceState, order: ReferenceOrder, lots: number): void {
  order.totalLots -= lots;
  order.openLots -= lots;
  order.sliceLots = Math.min(order.sliceLots, order.openLots);
  emitReplaced(state, order, '', true);
}

/** Makes an order final; its event is the next one. */
export function finish(state: ReferenceState, order: ReferenceOrder, status: ReferenceOrder['status']): void {
  const book = bookOf(state, order.symbol) as ReferenceBook;
  book.orders = book.orders.filter((other) => other !== order);
  order.status = status;
  order.finalTimeMs = state.nowMs;
  order.finalSequence = nextSequence(state);
}

/** Cancels an order, if it is live, and the orders that end with it (R29). */
export function cancelOrder(state: ReferenceState, order: ReferenceOrder, reason: CancelReason, commandId = ''): void {
  if (order.status !== 'live') return;
  endOrder(state, order, reason, commandId);
  const { list } = order;
  if (!list) return;
  if (order !== list.entry) {
    for (const other of list.exits) endOrder(state, other, CancelReason.LIST, '');
    endEntry(state, list);
  } else if (order.tradedLots === 0) {
    for (const exit of list.exits) endOrder(state, exit, CancelReason.LIST, '');
  }
}

/** Cancels the given orders of a book in the order of R9, except those that earlier cancels ended. */
export function massCancel(
  state: ReferenceState,
  book: ReferenceBook,
  isTarget: (order: ReferenceOrder) => boolean,
  reason: CancelReason,
  commandId = '',
): void {
  for (const order of massCancelOrder(book).filter(isTarget)) cancelOrder(state, order, reason, commandId);
}

/** Effects of a trade on the order's list: an entry's exits will be increased (R27), the other exit is reduced (R28). */
export function applyTradeToList(
  state: ReferenceState,
  book: ReferenceBook,
  order: ReferenceOrder,
  lots: number,
): void {
  const { list } = order;
  if (!list) return;
  if (order === list.entry) {
    list.pendingLots += lots;
    if (!book.activating.includes(list)) book.activating.push(list);
    return;
  }
  for (const other of list.exits) {
    if (other === order || other.status !== 'live') continue;
    if (other.openLots <= lots) endOrder(state, other, CancelReason.LIST, '');
    else takeLots(state, other, lots);
  }
  endEntry(state, list);
}

/** Cancels the remainder of a list's entry because an exit traded, was triggered, or ended. */
export function endEntry(state: ReferenceState, list: ReferenceList): void {
  if (list.entry) endOrder(state, list.entry, CancelReason.LIST, '');
}

function endOrder(state: ReferenceState, order: ReferenceOrder, reason: CancelReason, commandId: string): void {
  if (order.status !== 'live') return;
  finish(state, order, 'cancelled');
  const { symbol, orderId, accountId, openLots } = order;
  state.events.push({ kind: 'cancelled', symbol, orderId, accountId, reason, remainingLots: openLots, commandId });
}
