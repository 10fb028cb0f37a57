import { CancelReason, none, OrderType, Reason, type Side } from '../model/codes.ts';
import { EventFlag } from '../model/event-buffer.ts';
import { refuseState, slidPrice } from './admission.ts';
import { countLots } from './answer.ts';
import type { Book } from './book.ts';
import { emitReplaced } from './emit-replaced.ts';
import { enter, parkAtClose } from './enter.ts';
import { listOffset, roleOffset, stopOffset } from './extra-table.ts';
import { cancelOrder } from './finish.ts';
import { followUp } from './follow-ups.ts';
import { Queue } from './level-table.ts';
import type { MatchingState } from './matching-state.ts';
import {
  bookOffset,
  extraOffset,
  flagsOffset,
  keyOffset,
  openOffset,
  postOnlyBit,
  priceOffset,
  quantityOffset,
  revisionOffset,
  sideOf,
  slideBit,
  typeOf,
} from './order-table.ts';
import { capShown, isResting, leaveQueue, queueOfOrder } from './queues.ts';
import { isStop } from './stops.ts';

/** The requested change of an order. */
export type Change = { expectedRevision: number; price: number; quantity: number; stopPrice: number };

/** Changes a live order (R8, R30). Returns the reason of a rejection, which the caller emits, or Reason.NONE. */
export function replace(state: MatchingState, slot: number, change: Change): Reason {
  const { words } = state.orders;
  const book = state.books[words[slot + bookOffset]!]!;
  state.tradedLots = 0;
  state.restingLots = 0;
  state.detailA = 0;
  state.detailB = 0;
  const waits = isStop(words[slot + flagsOffset]!);
  const reason = refuseChange(state, book, slot, change, waits);
  if (reason !== Reason.NONE) return reason;
  const firstEvent = state.events.count;
  const key = words[slot + keyOffset]!;
  const exit = isExit(state, slot);
  const open = exit
    ? words[slot + openOffset]!
    : change.quantity - (words[slot + quantityOffset]! - words[slot + openOffset]!);
  if (open <= 0 && !exit) {
    cancelOrder(state, slot, CancelReason.REQUESTED, EventFlag.KEYED);
  } else {
    const price =
      (words[slot + flagsOffset]! & postOnlyBit) === 0 ? change.price : newPrice(state, book, slot, change, open);
    if (price === none) return Reason.POST_ONLY_WOULD_TRADE;
    apply(state, book, slot, change, open, price);
  }
  if (followUp(state, book)) countLots(state, firstEvent, [key]);
  state.changes.flush(state.events, state.command);
  return Reason.NONE;
}

function refuseChange(state: MatchingState, book: Book, slot: number, change: Change, waits: boolean): Reason {
  const { words } = state.orders;
  const revision = words[slot + revisionOffset]!;
  if (revision !== change.expectedRevision) {
    state.detailA = revision;
    return Reason.ORDER_REVISION_STALE;
  }
  const closed = refuseState(state, book);
  if (closed !== Reason.NONE) return closed;
  const movable = waits && typeOf(words[slot + flagsOffset]!) !== OrderType.TRAILING_STOP;
  if (change.stopPrice !== 0 && !movable) return Reason.INVALID_FIELD;
  if (!waits && book.outOfBand(change.price)) {
    state.detailA = book.bandLow;
    state.detailB = book.bandHigh;
    return Reason.PRICE_OUT_OF_BAND;
  }
  return Reason.NONE;
}

/** The new price: the requested one, or the one to which a post-only order slides; `none` if it would trade. */
function newPrice(state: MatchingState, book: Book, slot: number, change: Change, open: number): number {
  const { words } = state.orders;
  const flags = words[slot + flagsOffset]!;
  if (book.isCollecting) return change.price;
  if (change.price === words[slot + priceOffset] && open <= words[slot + openOffset]!) return change.price;
  return slidPrice(state, book, { side: sideOf(flags) as Side, price: change.price, slide: (flags & slideBit) !== 0 });
}

/** Whether priority is retained depends on the requested price, not on the one to which a post-only order slides. */
function apply(state: MatchingState, book: Book, slot: number, change: Change, open: number, price: number): void {
  const { words } = state.orders;
  const queue = queueOfOrder(state, slot);
  const retained = open <= words[slot + openOffset]! && retainsPriority(state, slot, queue, change);
  if (!retained) leaveQueue(state, slot);
  words[slot + quantityOffset]! += open - words[slot + openOffset]!;
  words[slot + openOffset] = open;
  words[slot + priceOffset] = price;
  if (change.stopPrice !== 0) state.extras.words[words[slot + extraOffset]! + stopOffset] = change.stopPrice;
  if (retained && isResting(state, slot)) capShown(state, slot);
  emitReplaced(state, slot, EventFlag.KEYED | (retained ? EventFlag.PRIORITY_RETAINED : 0));
  if (retained) state.restingLots = open;
  else if (queue === Queue.AT_CLOSE) parkAtClose(state, book, slot);
  else enter(state, book, slot);
}

function retainsPriority(state: MatchingState, slot: number, queue: number, change: Change): boolean {
  const { words } = state.orders;
  if (queue === Queue.INACTIVE) return true;
  if (queue === Queue.BUY_STOPS || queue === Queue.SELL_STOPS) {
    return change.stopPrice === 0 || change.stopPrice === state.extras.words[words[slot + extraOffset]! + stopOffset];
  }
  return change.price === words[slot + priceOffset];
}

function isExit({ orders, extras }: MatchingState, slot: number): boolean {
  const extra = orders.words[slot + extraOffset]!;
  return extra !== none && extras.words[extra + listOffset] !== none && extras.words[extra + roleOffset] !== 0;
}
