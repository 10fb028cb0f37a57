/** Rewrites a book after a share split (R33). */
import { CancelReason, none, quantityMax, Side } from '../model/codes.ts';
import { EventFlag, EventKind } from '../model/event-buffer.ts';
import type { Book } from './book.ts';
import { emitReplaced } from './emit-replaced.ts';
import { displayOffset, stopOffset, trailBpsOffset, trailTicksOffset, watermarkOffset } from './extra-table.ts';
import { cancelOrder } from './finish.ts';
import { Queue } from './level-table.ts';
import { selectOrders } from './mass-cancel.ts';
import type { MatchingState } from './matching-state.ts';
import { extraOffset, flagsOffset, keyOffset, openOffset, priceOffset, quantityOffset, sideOf } from './order-table.ts';
import { joinLadder, leaveQueue, queueOfOrder, restInBook } from './queues.ts';
import { stopQueueOf } from './stops.ts';
import { beginTrailing, endTrailing } from './trailing-stops.ts';

/** `numerator` new shares for `denominator` old ones, 1 to 1,000 each: products stay below 2^53. */
export type Ratio = { numerator: number; denominator: number };

/** Multiplies the lots of a book's orders and divides its prices. */
export function split(state: MatchingState, book: Book, ratio: Ratio): void {
  const { words } = state.orders;
  state.events.push(EventKind.SPLIT, book.number, state.command, ratio.numerator, ratio.denominator);
  const found = selectOrders(state, book, () => true).map((slot) => ({
    slot,
    key: words[slot + keyOffset]!,
    queue: queueOfOrder(state, slot),
  }));
  // All orders leave their queues first, so that no new price meets an old one.
  for (const { slot, queue } of found) {
    if (queue <= Queue.SELL_STOPS) leaveQueue(state, slot);
    const extra = words[slot + extraOffset]!;
    if (extra !== none) endTrailing(state, book, slot, extra);
  }
  rescaleBook(book, ratio);
  for (const { slot, key, queue } of found) {
    if (words[slot + keyOffset] === key) rewrite(state, book, slot, queue, ratio);
  }
  state.changes.flush(state.events, state.command);
}

function rewrite(state: MatchingState, book: Book, slot: number, queue: number, ratio: Ratio): void {
  const { words } = state.orders;
  const isBuy = sideOf(words[slot + flagsOffset]!) === Side.BUY;
  const traded = more(words[slot + quantityOffset]! - words[slot + openOffset]!, ratio);
  const open = more(words[slot + openOffset]!, ratio);
  const stopPrice = stopAfter(state, slot, isBuy, ratio);
  const price = isBuy ? less(words[slot + priceOffset]!, ratio) : lessUp(words[slot + priceOffset]!, ratio);
  const ends =
    price < 1 || Math.max(price, stopPrice, traded + open) > quantityMax || (open === 0 && queue !== Queue.INACTIVE);
  if (ends) {
    cancelOrder(state, slot, CancelReason.CORPORATE_ACTION, 0);
    return;
  }
  words[slot + openOffset] = open;
  words[slot + quantityOffset] = traded + open;
  words[slot + priceOffset] = price;
  if (words[slot + extraOffset] !== none) rescaleExtra(state, book, slot, isBuy, ratio);
  if (queue <= Queue.ASKS) restInBook(state, book, slot);
  else if (queue <= Queue.SELL_STOPS) {
    const stop = state.extras.words[words[slot + extraOffset]! + stopOffset]!;
    joinLadder(state, book, stopQueueOf(sideOf(words[slot + flagsOffset]!)), stop, slot);
  }
  emitReplaced(state, slot, EventFlag.PRIORITY_RETAINED);
}

function rescaleExtra(state: MatchingState, book: Book, slot: number, isBuy: boolean, ratio: Ratio): void {
  const { words } = state.extras;
  const extra = state.orders.words[slot + extraOffset]!;
  if (words[extra + displayOffset] !== 0)
    words[extra + displayOffset] = Math.max(1, more(words[extra + displayOffset]!, ratio));
  for (const term of [trailTicksOffset, watermarkOffset]) {
    if (words[extra + term] !== 0) words[extra + term] = capped(less(words[extra + term]!, ratio));
  }
  if (words[extra + trailTicksOffset] === 0 && words[extra + trailBpsOffset] === 0) {
    words[extra + stopOffset] = stopAfter(state, slot, isBuy, ratio);
  } else if (words[extra + watermarkOffset] !== 0) {
    beginTrailing(state, book, slot);
  }
}

/** The stop price of a STOP or STOP_LIMIT after the split; 0 for all others. */
function stopAfter({ orders, extras }: MatchingState, slot: number, isBuy: boolean, ratio: Ratio): number {
  const extra = orders.words[slot + extraOffset]!;
  if (extra === none || extras.words[extra + trailTicksOffset] !== 0 || extras.words[extra + trailBpsOffset] !== 0)
    return 0;
  const stop = extras.words[extra + stopOffset]!;
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
