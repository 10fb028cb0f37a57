import type { Book } from './book.ts';
import { findOwned, rejectCommand, rejectFinal } from './cancel.ts';
import type { Side } from './codes.ts';
import { CancelReason, NONE, OrderStatus, Reason } from './codes.ts';
import type { Outcome, ReplaceCommand } from './commands.ts';
import type { EngineState } from './engine-state.ts';
import { ineffective, outcome } from './engine-state.ts';
import { EventFlag, EventKind } from './event-buffer.ts';
import { runKeyed } from './keyed.ts';
import { match, wouldMeet } from './matching.ts';
import { cancelOrder, shrink, unrest } from './resting.ts';
import { outOfBand, refuseState, settle } from './submit.ts';

/** Changes price or total quantity of a resting order. */
export function replace(state: EngineState, command: ReplaceCommand): Outcome {
  const bookNumber = state.bookOf.get(command.symbol);
  if (bookNumber === undefined) return ineffective(Reason.SYMBOL_UNKNOWN);
  const { orderId, accountId, symbol, expectedRevision, priceTicks, quantityLots } = command;
  const body = ['replace', orderId, accountId, symbol, expectedRevision, priceTicks, quantityLots];
  return runKeyed(state, command.commandId, body, () => {
    const slot = findOwned(state, command, bookNumber);
    if (slot === NONE) return rejectCommand(state, bookNumber, Reason.ORDER_NOT_FOUND);
    return change(state, state.books[bookNumber]!, slot, command);
  });
}

function change(state: EngineState, book: Book, slot: number, command: ReplaceCommand): Outcome {
  const { orders } = state;
  const bookNumber = orders.book[slot]!;
  if (orders.status[slot] !== OrderStatus.LIVE) return rejectFinal(state, bookNumber, slot);
  const revision = orders.revision[slot]!;
  if (revision !== command.expectedRevision) {
    return rejectCommand(state, bookNumber, Reason.ORDER_REVISION_STALE, revision);
  }
  const closed = refuseState(book);
  if (closed !== Reason.NONE) return rejectCommand(state, bookNumber, closed, book.state);
  if (outOfBand(book, command.priceTicks)) {
    return rejectCommand(state, bookNumber, Reason.PRICE_OUT_OF_BAND, book.bandLow, book.bandHigh);
  }
  const open = command.quantityLots - (orders.quantity[slot]! - orders.remaining[slot]!);
  if (open <= 0) {
    cancelOrder(state, slot, CancelReason.REQUESTED, true);
    return { ...outcome(0), revision };
  }
  const samePrice = command.priceTicks === orders.price[slot];
  if (samePrice && open <= orders.remaining[slot]!) return shrinkInPlace(state, slot, open);
  const side = orders.side[slot] as Side;
  if (orders.postOnly[slot] === 1 && wouldMeet(state, book, side, command.priceTicks)) {
    return rejectCommand(state, bookNumber, Reason.POST_ONLY_WOULD_TRADE);
  }
  return enterAgain(state, book, slot, command, open);
}

function shrinkInPlace(state: EngineState, slot: number, open: number): Outcome {
  const { orders } = state;
  const less = orders.remaining[slot]! - open;
  shrink(state, slot, less);
  orders.quantity[slot]! -= less;
  tellReplaced(state, slot, EventFlag.KEYED | EventFlag.PRIORITY_KEPT);
  return { ...outcome(0), restingLots: open, revision: orders.revision[slot]! };
}

function enterAgain(state: EngineState, book: Book, slot: number, command: ReplaceCommand, open: number): Outcome {
  const { orders } = state;
  unrest(state, slot);
  orders.price[slot] = command.priceTicks;
  orders.quantity[slot] = command.quantityLots;
  orders.remaining[slot] = open;
  tellReplaced(state, slot, EventFlag.KEYED);
  const tradedLots = match(state, book, slot);
  const restingLots = settle(state, slot);
  return { ...outcome(0), tradedLots, restingLots, revision: orders.revision[slot]! };
}

function tellReplaced(state: EngineState, slot: number, flags: number): void {
  const { orders, events } = state;
  orders.revision[slot]!++;
  const [price, quantity] = [orders.price[slot], orders.quantity[slot]];
  const [open, revision] = [orders.remaining[slot], orders.revision[slot]];
  events.push(EventKind.REPLACED, orders.book[slot]!, state.command, slot, price, quantity, open, revision, flags);
}
