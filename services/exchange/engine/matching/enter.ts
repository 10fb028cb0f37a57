import { CancelReason, type Side, TimeInForce, TradingState } from '../model/codes.ts';
import type { Book } from './book.ts';
import { cancelOrder } from './finish.ts';
import { Queue } from './level-table.ts';
import { match } from './matching.ts';
import type { MatchingState } from './matching-state.ts';
import { flagsOffset, keyOffset, openOffset, priceOffset, setPriority, sideOf, timeInForceOf } from './order-table.ts';
import { joinQueue, rest } from './queues.ts';
import { isStop, wait } from './stops.ts';

/**
 * Carries out an arriving order that is in no queue: a stop waits, an at-close order waits for its auction, all others trade as far
 * as the book lets them; what is left rests, or is cancelled where it may not. Leaves the lots in `tradedLots` and `restingLots`.
 */
export function enter(state: MatchingState, book: Book, slot: number): void {
  const { words } = state.orders;
  const flags = words[slot + flagsOffset]!;
  if (isStop(flags)) {
    wait(state, book, slot);
    return;
  }
  const timeInForce = timeInForceOf(flags);
  state.tradedLots = 0;
  if (timeInForce === TimeInForce.AT_CLOSE && book.state !== TradingState.CLOSING_AUCTION) {
    parkAtClose(state, book, slot);
    return;
  }
  const key = words[slot + keyOffset]!;
  if (book.state === TradingState.CONTINUOUS && isMarketable(book, words, slot)) {
    state.tradedLots = match(state, book, slot);
    if (words[slot + keyOffset] !== key) {
      state.restingLots = 0;
      return;
    }
  }
  if (mayRest(timeInForce)) {
    rest(state, book, slot);
    state.restingLots = words[slot + openOffset]!;
  } else {
    cancelOrder(state, slot, CancelReason.IMMEDIATE, 0);
    state.restingLots = 0;
  }
}

/** Whether an order reaches the best price of the other side. */
function isMarketable(book: Book, words: Int32Array, slot: number): boolean {
  const opposite = book.opposite(sideOf(words[slot + flagsOffset]!) as Side);
  return opposite.bestKey >= opposite.keyOf(words[slot + priceOffset]!);
}

/** Whether what does not trade at once may stay. */
export function mayRest(timeInForce: number): boolean {
  return timeInForce !== TimeInForce.IOC && timeInForce !== TimeInForce.FOK;
}

/** Lets an at-close order wait for its auction, with a new place. */
export function parkAtClose(state: MatchingState, book: Book, slot: number): void {
  setPriority(state.orders.words, slot, ++state.places);
  joinQueue(state, book, Queue.AT_CLOSE, slot);
  state.restingLots = state.orders.words[slot + openOffset]!;
  state.orders.touch(slot);
}
