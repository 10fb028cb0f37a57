import { CancelReason, NONE, OrderStatus, Reason } from './codes.ts';
import type { CancelAllCommand, CancelCommand, Outcome, VoidCommand } from './commands.ts';
import type { EngineState } from './engine-state.ts';
import { finishOrder, ineffective, outcome } from './engine-state.ts';
import { EventKind } from './event-buffer.ts';
import { runKeyed } from './keyed.ts';
import type { Ladder } from './ladder.ts';
import { cancelOrder } from './resting.ts';
import { refuseId } from './submit.ts';
import { parseUuid } from './uuid.ts';

/** Cancels one order of its owner. */
export function cancel(state: EngineState, command: CancelCommand): Outcome {
  const bookNumber = state.bookOf.get(command.symbol);
  if (bookNumber === undefined) return ineffective(Reason.SYMBOL_UNKNOWN);
  const body = ['cancel', command.orderId, command.accountId, command.symbol];
  return runKeyed(state, command.commandId, body, () => {
    const slot = findOwned(state, command, bookNumber);
    if (slot === NONE) return rejectCommand(state, bookNumber, Reason.ORDER_NOT_FOUND);
    if (state.orders.status[slot] !== OrderStatus.LIVE) return rejectFinal(state, bookNumber, slot);
    cancelOrder(state, slot, CancelReason.REQUESTED, true);
    return { ...outcome(0), revision: state.orders.revision[slot]! };
  });
}

/** Cancels all resting orders that match: by book in the order of listing, bids before asks, best price and earliest first. */
export function cancelAll(state: EngineState, command: CancelAllCommand): Outcome {
  const bookNumber = state.bookOf.get(command.symbol);
  if (command.symbol !== '' && bookNumber === undefined) return ineffective(Reason.SYMBOL_UNKNOWN);
  const body = ['cancelAll', command.accountId, command.symbol, command.side];
  return runKeyed(state, command.commandId, body, () => {
    const reason = command.accountId === '' ? CancelReason.OPERATOR : CancelReason.REQUESTED;
    const account = command.accountId === '' ? NONE : state.names.find(command.accountId);
    if (command.accountId !== '' && account === NONE) return outcome(0);
    let cancelledCount = 0;
    for (const [number, book] of state.books.entries()) {
      if (bookNumber !== undefined && number !== bookNumber) continue;
      if (command.side !== 2) cancelledCount += cancelLadder(state, book.bids, account, reason);
      if (command.side !== 1) cancelledCount += cancelLadder(state, book.asks, account, reason);
    }
    return { ...outcome(0), cancelledCount };
  });
}

/** Cancels the orders of a ladder, of one account or of all (NONE). Returns how many. */
export function cancelLadder(state: EngineState, ladder: Ladder, account: number, reason: CancelReason): number {
  const { orders, levels } = state;
  let cancelled = 0;
  for (let place = ladder.count - 1; place >= 0; place--) {
    let slot = levels.head[ladder.levels[place]!]!;
    while (slot !== NONE) {
      const next = orders.next[slot]!;
      if (account === NONE || orders.account[slot] === account) {
        cancelOrder(state, slot, reason, true);
        cancelled++;
      }
      slot = next;
    }
  }
  return cancelled;
}

/** Makes sure that an order is dead, whether the engine ever saw it or not. */
export function voidOrder(state: EngineState, command: VoidCommand): Outcome {
  const bookNumber = state.bookOf.get(command.symbol);
  if (bookNumber === undefined) return ineffective(Reason.SYMBOL_UNKNOWN);
  const slot = findOwned(state, command, bookNumber);
  if (slot === NONE) {
    if (state.orders.index.find(state.key) !== NONE) return ineffective(Reason.ORDER_NOT_FOUND);
    const refusal = refuseId(state, command.idTimeMs);
    return refusal === Reason.NONE ? voidUnknown(state, command, bookNumber) : ineffective(refusal);
  }
  const status = state.orders.status[slot]!;
  if (status === OrderStatus.LIVE) {
    cancelOrder(state, slot, CancelReason.VOIDED, false);
    state.changes.flush(state.events, state.command);
    state.orders.stamp[slot] = state.sequence;
    return { ...outcome(state.sequence), revision: state.orders.revision[slot]! };
  }
  const repeated = { feedSequence: state.orders.stamp[slot]!, revision: state.orders.revision[slot]! };
  if (status === OrderStatus.FILLED) return { ...ineffective(Reason.ORDER_ALREADY_FINAL, status), ...repeated };
  return { ...ineffective(Reason.NONE), ...repeated };
}

/** The slot of an order that this account has in this book, or NONE. Leaves the order's UUID in `state.key`. */
export function findOwned(
  state: EngineState,
  command: { orderId: string; accountId: string },
  bookNumber: number,
): number {
  const { orders, names } = state;
  parseUuid(command.orderId, state.key);
  const slot = orders.index.find(state.key);
  if (slot === NONE || orders.book[slot] !== bookNumber) return NONE;
  return names.names[orders.account[slot]!] === command.accountId ? slot : NONE;
}

/** Tells that a command on an order was rejected. */
export function rejectCommand(state: EngineState, book: number, reason: Reason, detailA = 0, detailB = 0): Outcome {
  state.events.push(EventKind.COMMAND_REJECTED, book, state.command, reason);
  return outcome(0, reason, detailA, detailB);
}

/** Tells that a command came too late for an order. */
export function rejectFinal(state: EngineState, book: number, slot: number): Outcome {
  return rejectCommand(state, book, Reason.ORDER_ALREADY_FINAL, state.orders.status[slot]);
}

function voidUnknown(state: EngineState, command: VoidCommand, bookNumber: number): Outcome {
  const { orders, names, events } = state;
  const slot = orders.allocate(state.key);
  orders.account[slot] = names.acquire(command.accountId);
  orders.group[slot] = names.acquire(command.accountId);
  orders.book[slot] = bookNumber;
  for (const column of [orders.side, orders.timeInForce, orders.selfTrade, orders.postOnly]) column[slot] = 0;
  for (const column of [orders.price, orders.quantity, orders.remaining, orders.revision]) column[slot] = 0;
  for (const column of [orders.submittedPrice, orders.submittedQuantity]) column[slot] = 0;
  for (const column of [orders.answerDetailA, orders.answerDetailB, orders.answerTraded]) column[slot] = 0;
  for (const column of [orders.answerResting, orders.answerRevision]) column[slot] = 0;
  orders.answerReason[slot] = Reason.ORDER_VOIDED;
  orders.answerSequence[slot] = 0;
  events.push(EventKind.CANCELLED, bookNumber, state.command, slot, CancelReason.VOIDED, 0, 0);
  finishOrder(state, slot, OrderStatus.VOIDED);
  return outcome(state.sequence);
}
