/** Rewrites a book after a share split (R33). */
import { CancelReason, NONE, quantityMax, Side } from '../codes.ts';
import { EventFlag, EventKind } from '../event-buffer.ts';
import type { Book } from './book.ts';
import { DISPLAY, STOP, TRAIL_BPS, TRAIL_TICKS, WATERMARK } from './extra-table.ts';
import { cancelOrder } from './finish.ts';
import { Queue } from './level-table.ts';
import type { MatchingState } from './matching-state.ts';
import { EXTRA, FLAGS, KEY, OPEN, PRICE, QUANTITY, sideOf } from './order-table.ts';
import { joinLadder, leaveQueue, queueOfOrder, rest } from './queues.ts';
import { stopQueueOf } from './stops.ts';
import { sweep } from './sweep.ts';
import { tellReplaced } from './tell-replaced.ts';
import { beginTrailing, endTrailing } from './trailing-stops.ts';

/** `numerator` new shares for `denominator` old ones, 1 to 1,000 each: products stay below 2^53. */
export type Ratio = { numerator: number; denominator: number };

/** Multiplies the lots of a book's orders and divides its prices. */
export function split(state: MatchingState, book: Book, ratio: Ratio): void {
  const { words } = state.orders;
  state.events.push(EventKind.SPLIT, book.number, state.command, ratio.numerator, ratio.denominator);
  const found = sweep(state, book, () => true).map((slot) => ({
    slot,
    key: words[slot + KEY]!,
    queue: queueOfOrder(state, slot),
  }));
  // Out of all queues first: a new price must not meet an old one.
  for (const { slot, queue } of found) {
    if (queue <= Queue.SELL_STOPS) leaveQueue(state, slot);
    const extra = words[slot + EXTRA]!;
    if (extra !== NONE) endTrailing(state, book, slot, extra);
  }
  rescaleBook(book, ratio);
  for (const { slot, key, queue } of found) {
    if (words[slot + KEY] === key) rewrite(state, book, slot, queue, ratio);
  }
  state.changes.flush(state.events, state.command);
}

function rewrite(state: MatchingState, book: Book, slot: number, queue: number, ratio: Ratio): void {
  const { words } = state.orders;
  const isBuy = sideOf(words[slot + FLAGS]!) === Side.BUY;
  const traded = more(words[slot + QUANTITY]! - words[slot + OPEN]!, ratio);
  const open = more(words[slot + OPEN]!, ratio);
  const stopPrice = stopAfter(state, slot, isBuy, ratio);
  const price = isBuy ? less(words[slot + PRICE]!, ratio) : lessUp(words[slot + PRICE]!, ratio);
  const ends =
    price < 1 || Math.max(price, stopPrice, traded + open) > quantityMax || (open === 0 && queue !== Queue.UNGROWN);
  if (ends) {
    cancelOrder(state, slot, CancelReason.CORPORATE_ACTION, 0);
    return;
  }
  words[slot + OPEN] = open;
  words[slot + QUANTITY] = traded + open;
  words[slot + PRICE] = price;
  if (words[slot + EXTRA] !== NONE) rescaleExtra(state, book, slot, isBuy, ratio);
  if (queue <= Queue.ASKS) rest(state, book, slot);
  else if (queue <= Queue.SELL_STOPS) {
    const stop = state.extras.words[words[slot + EXTRA]! + STOP]!;
    joinLadder(state, book, stopQueueOf(sideOf(words[slot + FLAGS]!)), stop, slot);
  }
  tellReplaced(state, slot, EventFlag.PRIORITY_KEPT);
}

function rescaleExtra(state: MatchingState, book: Book, slot: number, isBuy: boolean, ratio: Ratio): void {
  const { words } = state.extras;
  const extra = state.orders.words[slot + EXTRA]!;
  if (words[extra + DISPLAY] !== 0) words[extra + DISPLAY] = Math.max(1, more(words[extra + DISPLAY]!, ratio));
  for (const term of [TRAIL_TICKS, WATERMARK]) {
    if (words[extra + term] !== 0) words[extra + term] = capped(less(words[extra + term]!, ratio));
  }
  if (words[extra + TRAIL_TICKS] === 0 && words[extra + TRAIL_BPS] === 0) {
    words[extra + STOP] = stopAfter(state, slot, isBuy, ratio);
  } else if (words[extra + WATERMARK] !== 0) {
    beginTrailing(state, book, slot);
  }
}

/** The stop price of a STOP or STOP_LIMIT after the split; 0 for all others. */
function stopAfter({ orders, extras }: MatchingState, slot: number, isBuy: boolean, ratio: Ratio): number {
  const extra = orders.words[slot + EXTRA]!;
  if (extra === NONE || extras.words[extra + TRAIL_TICKS] !== 0 || extras.words[extra + TRAIL_BPS] !== 0) return 0;
  const stop = extras.words[extra + STOP]!;
  return stop === 0 ? 0 : Math.max(1, isBuy ? lessUp(stop, ratio) : less(stop, ratio));
}

function rescaleBook(book: Book, ratio: Ratio): void {
  const scaled = (price: number) => (price === 0 ? 0 : capped(less(price, ratio)));
  book.lastPrice = scaled(book.lastPrice);
  book.listingReference = scaled(book.listingReference);
  book.setBreaker(scaled(book.breakerReference));
}

function more(lots: number, { numerator, denominator }: Ratio): number {
  return Math.floor((lots * numerator) / denominator);
}

function less(price: number, { numerator, denominator }: Ratio): number {
  return Math.floor((price * denominator) / numerator);
}

function lessUp(price: number, { numerator, denominator }: Ratio): number {
  return Math.ceil((price * denominator) / numerator);
}

function capped(price: number): number {
  return Math.min(quantityMax, Math.max(1, price));
}
