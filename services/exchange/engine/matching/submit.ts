import { none, OrderType, Reason, TimeInForce } from '../model/codes.ts';
import { highWord } from '../model/columns.ts';
import { EventKind } from '../model/event-buffer.ts';
import { clipToBand, refuse, slidPrice } from './admission.ts';
import { countLots } from './answer.ts';
import type { Book } from './book.ts';
import { emitReplaced } from './emit-replaced.ts';
import { enter } from './enter.ts';
import { enterByValue } from './enter-by-value.ts';
import {
  acceptanceHighOffset,
  acceptanceLowOffset,
  displayOffset,
  extraWords,
  sessionOffset,
  stopOffset,
  trailBpsOffset,
  trailTicksOffset,
} from './extra-table.ts';
import { followUp } from './follow-ups.ts';
import type { MatchingState } from './matching-state.ts';
import type { NewOrder } from './new-order.ts';
import {
  accountOffset,
  bookOffset,
  extraOffset,
  flagsOffset,
  groupOffset,
  levelOffset,
  openOffset,
  packFlags,
  postOnlyBit,
  priceOffset,
  quantityOffset,
  revisionOffset,
  shownOffset,
  slideBit,
} from './order-table.ts';

/** Submits one order. Returns the reason of a rejection, or Reason.NONE; a live key is refused without an event. */
export function submit(state: MatchingState, newOrder: NewOrder): Reason {
  if (state.orders.find(newOrder.key) !== none) return Reason.ORDER_ID_REUSED;
  const book = state.books[newOrder.book]!;
  state.detailA = 0;
  state.detailB = 0;
  if (newOrder.withinBand) clipToBand(book, newOrder);
  const reason = refuse(state, book, newOrder);
  if (reason !== Reason.NONE) {
    reject(state, newOrder, reason);
    return reason;
  }
  const firstEvent = state.events.count;
  const slot = createOrder(state, newOrder);
  state.events.push(EventKind.ACCEPTED, newOrder.book, state.command, newOrder.key, 0);
  slide(state, book, slot, newOrder);
  if (newOrder.valueMax === 0) enter(state, book, slot);
  else enterByValue(state, book, slot, newOrder.valueMax);
  if (followUp(state, book)) countLots(state, firstEvent, [newOrder.key]);
  state.changes.flush(state.events, state.command);
  return Reason.NONE;
}

/** Moves an admitted post-only order to the price at which it does not trade. */
export function slide(state: MatchingState, book: Book, slot: number, newOrder: NewOrder): void {
  if (!newOrder.slide) return;
  const price = slidPrice(state, book, newOrder);
  if (price === newOrder.price) return;
  state.orders.words[slot + priceOffset] = price;
  emitReplaced(state, slot, 0);
}

/** Emits that an order is rejected. */
export function reject(state: MatchingState, newOrder: NewOrder, reason: Reason): void {
  state.tradedLots = 0;
  state.restingLots = 0;
  const { detailA, detailB } = state;
  state.events.push(EventKind.REJECTED, newOrder.book, state.command, newOrder.key, reason, detailA, detailB);
}

/** Creates a live order, which is in no queue yet. Returns its slot. */
export function createOrder(state: MatchingState, newOrder: NewOrder): number {
  const { orders } = state;
  // An order that does not rest and has entered in time has no end to wait for.
  if (newOrder.timeInForce !== TimeInForce.GTD) newOrder.expireTimeMs = 0;
  const slot = orders.allocate(newOrder.key);
  const words = orders.words;
  const bits = (newOrder.postOnly ? postOnlyBit : 0) | (newOrder.slide ? slideBit : 0);
  words[slot + priceOffset] = newOrder.price;
  words[slot + openOffset] = newOrder.quantity;
  words[slot + shownOffset] = 0;
  words[slot + levelOffset] = none;
  words[slot + groupOffset] = newOrder.group;
  words[slot + accountOffset] = newOrder.account;
  words[slot + flagsOffset] = packFlags(newOrder.side, newOrder.timeInForce, newOrder.selfTrade, newOrder.type, bits);
  words[slot + quantityOffset] = newOrder.quantity;
  words[slot + revisionOffset] = 1;
  words[slot + bookOffset] = newOrder.book;
  words[slot + extraOffset] = isPlain(newOrder) ? none : createExtra(state, newOrder);
  if (newOrder.expireTimeMs > 0) state.expiries.add(slot);
  orders.touch(slot);
  return slot;
}

/** The entry of an order's extra terms, created if it has none. */
export function extraOf(state: MatchingState, slot: number, newOrder: NewOrder): number {
  const { words } = state.orders;
  if (words[slot + extraOffset] === none) words[slot + extraOffset] = createExtra(state, newOrder);
  return words[slot + extraOffset]!;
}

function isPlain({ type, expireTimeMs, session }: NewOrder): boolean {
  return type === OrderType.LIMIT && expireTimeMs === 0 && session === '';
}

function createExtra(state: MatchingState, newOrder: NewOrder): number {
  const { extras } = state;
  const extra = extras.allocate();
  const accepted = ++state.acceptances;
  extras.words[extra + stopOffset] = newOrder.stopPrice;
  extras.words[extra + trailTicksOffset] = newOrder.trailTicks;
  extras.words[extra + trailBpsOffset] = newOrder.trailBps;
  extras.words[extra + displayOffset] = newOrder.display;
  if (newOrder.session !== '')
    extras.words[extra + sessionOffset] = state.sessions.byName.get(newOrder.session)?.handle ?? none;
  extras.words[extra + acceptanceLowOffset] = accepted | 0;
  extras.words[extra + acceptanceHighOffset] = highWord(accepted);
  extras.expireTimeMs[extra / extraWords] = newOrder.expireTimeMs;
  return extra;
}
