import { CancelReason, none, OrderType, Reason, type Side, TimeInForce } from '../model/codes.ts';
import { EventFlag } from '../model/event-buffer.ts';
import { refuseState, slidPrice } from './admission.ts';
import { countLots } from './answer.ts';
import type { Book } from './book.ts';
import { emitReplaced } from './emit-replaced.ts';
import { enter, parkAtClose } from './enter.ts';
import {
  extraWords,
  listOffset,
  roleOffset,
  stopOffset,
  trailBpsOffset,
  trailTicksOffset,
  watermarkOffset,
} from './extra-table.ts';
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
  timeInForceOf,
  typeOf,
} from './order-table.ts';
import { capShown, isResting, leaveQueue, queueOfOrder } from './queues.ts';
import { isStop } from './stops.ts';
import { trailedPrice } from './trailing-stops.ts';

/** The requested change of an order; 0 leaves stop price, trail and expiry as they are. */
export type Change = {
  expectedRevision: number;
  price: number;
  quantity: number;
  stopPrice: number;
  trailTicks: number;
  trailBps: number;
  expireTimeMs: number;
};

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
  if (isNewTrail(change) && !(waits && !movable)) return Reason.INVALID_FIELD;
  if (change.expireTimeMs !== 0) {
    if (timeInForceOf(words[slot + flagsOffset]!) !== TimeInForce.GTD) return Reason.INVALID_FIELD;
    if (change.expireTimeMs <= state.nowMs) return Reason.EXPIRE_TIME_PAST;
  }
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
  const stopPrice = newStopPrice(state, slot, queue, change);
  const retained = open <= words[slot + openOffset]! && retainsPriority(state, slot, queue, change, stopPrice);
  if (!retained) leaveQueue(state, slot);
  words[slot + quantityOffset]! += open - words[slot + openOffset]!;
  words[slot + openOffset] = open;
  words[slot + priceOffset] = price;
  if (stopPrice !== none) state.extras.words[words[slot + extraOffset]! + stopOffset] = stopPrice;
  if (isNewTrail(change)) setTrail(state, words[slot + extraOffset]!, change);
  if (change.expireTimeMs !== 0) setExpiry(state, slot, change.expireTimeMs);
  if (retained && isResting(state, slot)) capShown(state, slot);
  emitReplaced(state, slot, EventFlag.KEYED | (retained ? EventFlag.PRIORITY_RETAINED : 0));
  if (retained) state.restingLots = open;
  else if (queue === Queue.AT_CLOSE) parkAtClose(state, book, slot);
  else enter(state, book, slot);
}

function retainsPriority(
  state: MatchingState,
  slot: number,
  queue: number,
  change: Change,
  stopPrice: number,
): boolean {
  const { words } = state.orders;
  if (queue === Queue.INACTIVE) return true;
  if (queue === Queue.BUY_STOPS || queue === Queue.SELL_STOPS) {
    return stopPrice === none || stopPrice === state.extras.words[words[slot + extraOffset]! + stopOffset];
  }
  return change.price === words[slot + priceOffset];
}

/** The stop price after the change: the requested one, or where the new trail leads to; `none`: it stays. */
function newStopPrice({ orders, extras }: MatchingState, slot: number, queue: number, change: Change): number {
  if (change.stopPrice !== 0) return change.stopPrice;
  // An exit that waits for its entry has not begun to trail.
  if (!isNewTrail(change) || queue === Queue.INACTIVE) return none;
  const watermark = extras.words[orders.words[slot + extraOffset]! + watermarkOffset]!;
  const side = sideOf(orders.words[slot + flagsOffset]!);
  return trailedPrice(side, watermark, change.trailTicks, change.trailBps);
}

function isNewTrail({ trailTicks, trailBps }: Change): boolean {
  return trailTicks !== 0 || trailBps !== 0;
}

function setTrail({ extras }: MatchingState, extra: number, { trailTicks, trailBps }: Change): void {
  extras.words[extra + trailTicksOffset] = trailTicks;
  extras.words[extra + trailBpsOffset] = trailBps;
}

function setExpiry({ orders, extras, expiries }: MatchingState, slot: number, expireTimeMs: number): void {
  const extra = orders.words[slot + extraOffset]!;
  expiries.remove(extra);
  extras.expireTimeMs[extra / extraWords] = expireTimeMs;
  expiries.add(slot);
}

function isExit({ orders, extras }: MatchingState, slot: number): boolean {
  const extra = orders.words[slot + extraOffset]!;
  return extra !== none && extras.words[extra + listOffset] !== none && extras.words[extra + roleOffset] !== 0;
}
