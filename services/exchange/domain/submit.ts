import type { Book } from './book.ts';
import type { Side } from './codes.ts';
import { CancelReason, OrderStatus, Reason, TimeInForce, TradingState } from './codes.ts';
import type { Outcome, SubmitCommand } from './commands.ts';
import type { EngineState } from './engine-state.ts';
import {
  finishOrder,
  idClockSkewMaxMs,
  ineffective,
  knownMax,
  outcome,
  restingMax,
  retentionMs,
} from './engine-state.ts';
import { EventKind } from './event-buffer.ts';
import { canFillWhole, match, wouldMeet } from './matching.ts';
import { cancelOrder, rest } from './resting.ts';
import { parseUuid } from './uuid.ts';

/** Brings an order to its book, or repeats the answer that its id had before. */
export function submit(state: EngineState, command: SubmitCommand): Outcome {
  const bookNumber = state.bookOf.get(command.symbol);
  if (bookNumber === undefined) return ineffective(Reason.SYMBOL_UNKNOWN);
  parseUuid(command.orderId, state.key);
  const known = state.orders.index.find(state.key);
  if (known >= 0) return repeat(state, known, bookNumber, command);
  const refusal = refuseId(state, command.idTimeMs);
  if (refusal !== Reason.NONE) return ineffective(refusal);

  const book = state.books[bookNumber]!;
  const slot = createOrder(state, bookNumber, command);
  const reason = admit(state, book, slot);
  if (reason !== Reason.NONE) return reject(state, book, slot, reason);
  state.events.push(EventKind.ACCEPTED, bookNumber, state.command, slot);
  const traded = match(state, book, slot);
  const resting = settle(state, slot);
  const { orders } = state;
  orders.answerTraded[slot] = traded;
  orders.answerResting[slot] = resting;
  orders.answerRevision[slot] = orders.revision[slot]!;
  return answer(state, slot, true);
}

/**
 * Whether an unknown id may still become known: ORDER_ID_EXPIRED when it is older than the engine remembers, INVALID_FIELD when
 * it comes from the future, BOOK_FULL when no more ids can be remembered, else NONE.
 */
export function refuseId(state: EngineState, idTimeMs: number): Reason {
  if (idTimeMs < state.nowMs - retentionMs) return Reason.ORDER_ID_EXPIRED;
  if (idTimeMs > state.nowMs + idClockSkewMaxMs) return Reason.INVALID_FIELD;
  return state.orders.count >= knownMax ? Reason.BOOK_FULL : Reason.NONE;
}

/** Why a book in this state takes no orders; NONE when it does. */
export function refuseState(book: Book): Reason {
  if (book.state === TradingState.CONTINUOUS) return Reason.NONE;
  return book.state === TradingState.HALTED ? Reason.INSTRUMENT_HALTED : Reason.INSTRUMENT_NOT_TRADING;
}

/** Whether a price is outside the book's band. */
export function outOfBand(book: Book, price: number): boolean {
  return price < book.bandLow || price > book.bandHigh;
}

/** Rests what is still open of an order that matched, where it may rest. Returns the lots that rest. */
export function settle(state: EngineState, slot: number): number {
  const { orders } = state;
  if (orders.status[slot] !== OrderStatus.LIVE) return 0;
  if (orders.timeInForce[slot] !== TimeInForce.GTC) {
    cancelOrder(state, slot, CancelReason.IMMEDIATE, false);
    return 0;
  }
  rest(state, slot);
  return orders.remaining[slot]!;
}

function createOrder(state: EngineState, bookNumber: number, command: SubmitCommand): number {
  const { orders, names } = state;
  const slot = orders.allocate(state.key);
  orders.status[slot] = OrderStatus.LIVE;
  orders.side[slot] = command.side;
  orders.timeInForce[slot] = command.timeInForce;
  orders.selfTrade[slot] = command.selfTrade;
  orders.postOnly[slot] = command.postOnly ? 1 : 0;
  orders.account[slot] = names.acquire(command.accountId);
  orders.group[slot] = names.acquire(command.selfTradeGroup || command.accountId);
  orders.book[slot] = bookNumber;
  orders.price[slot] = command.priceTicks;
  orders.quantity[slot] = command.quantityLots;
  orders.remaining[slot] = command.quantityLots;
  orders.submittedPrice[slot] = command.priceTicks;
  orders.submittedQuantity[slot] = command.quantityLots;
  orders.revision[slot] = 1;
  orders.answerReason[slot] = Reason.NONE;
  orders.answerDetailA[slot] = 0;
  orders.answerDetailB[slot] = 0;
  orders.answerTraded[slot] = 0;
  orders.answerResting[slot] = 0;
  orders.answerRevision[slot] = 0;
  return slot;
}

function admit(state: EngineState, book: Book, slot: number): Reason {
  const { orders } = state;
  const closed = refuseState(book);
  if (closed !== Reason.NONE) return closed;
  const [side, price] = [orders.side[slot] as Side, orders.price[slot]!];
  const timeInForce = orders.timeInForce[slot];
  if (outOfBand(book, price)) return Reason.PRICE_OUT_OF_BAND;
  if (timeInForce === TimeInForce.GTC && state.restingCount >= restingMax) return Reason.BOOK_FULL;
  if (orders.postOnly[slot] === 1 && wouldMeet(state, book, side, price)) return Reason.POST_ONLY_WOULD_TRADE;
  if (timeInForce === TimeInForce.FOK && !canFillWhole(state, book, slot)) return Reason.FILL_OR_KILL_UNFILLED;
  return Reason.NONE;
}

function reject(state: EngineState, book: Book, slot: number, reason: Reason): Outcome {
  const { orders } = state;
  orders.answerReason[slot] = reason;
  if (reason === Reason.PRICE_OUT_OF_BAND) {
    orders.answerDetailA[slot] = book.bandLow;
    orders.answerDetailB[slot] = book.bandHigh;
  }
  if (reason === Reason.INSTRUMENT_NOT_TRADING) orders.answerDetailA[slot] = book.state;
  state.events.push(EventKind.REJECTED, orders.book[slot]!, state.command, slot);
  finishOrder(state, slot, OrderStatus.REJECTED);
  return answer(state, slot, true);
}

// Level changes are events of the command too, so they are written before the answer names its last sequence.
function answer(state: EngineState, slot: number, effective: boolean): Outcome {
  const { orders } = state;
  if (effective) {
    state.changes.flush(state.events, state.command);
    orders.answerSequence[slot] = state.sequence;
  }
  const reason = orders.answerReason[slot] as Reason;
  const result = outcome(orders.answerSequence[slot]!, reason, orders.answerDetailA[slot], orders.answerDetailB[slot]);
  result.effective = effective;
  result.tradedLots = orders.answerTraded[slot]!;
  result.restingLots = orders.answerResting[slot]!;
  result.revision = orders.answerRevision[slot]!;
  return result;
}

function repeat(state: EngineState, slot: number, bookNumber: number, command: SubmitCommand): Outcome {
  const { orders, names } = state;
  const sameOwner = names.names[orders.account[slot]!] === command.accountId && orders.book[slot] === bookNumber;
  if (orders.status[slot] === OrderStatus.VOIDED && sameOwner) {
    return { ...ineffective(Reason.ORDER_VOIDED), feedSequence: orders.stamp[slot]! };
  }
  const same =
    sameOwner &&
    orders.side[slot] === command.side &&
    orders.timeInForce[slot] === command.timeInForce &&
    orders.selfTrade[slot] === command.selfTrade &&
    orders.postOnly[slot] === (command.postOnly ? 1 : 0) &&
    orders.submittedPrice[slot] === command.priceTicks &&
    orders.submittedQuantity[slot] === command.quantityLots &&
    names.names[orders.group[slot]!] === (command.selfTradeGroup || command.accountId);
  return same ? answer(state, slot, false) : ineffective(Reason.ORDER_ID_REUSED);
}
