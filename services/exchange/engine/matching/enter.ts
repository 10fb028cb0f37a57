import { CancelReason, type Side, TimeInForce, TradingState } from '../model/codes.ts';
import type { Book } from './book.ts';
import { cancelOrder } from './finish.ts';
import { Queue } from './level-table.ts';
import { match } from './matching.ts';
import type { MatchingState } from './matching-state.ts';
import { flagsOffset, keyOffset, openOffset, priceOffset, setPriority, sideOf, timeInForceOf } from './order-table.ts';
import { joinQueue, restInBook } from './queues.ts';
import { isStop, parkStop } from './stops.ts';

/**
 * Enters an order that is in no queue: a stop waits, an at-close order waits for its auction, all others match; the remainder rests, or is
 * cancelled if it may not rest. Stores the lots in `tradedLots` and `restingLots`.
 */
export function enter(state: MatchingState, book: Book, slot: number): void {
  const { words } = state.orders;
  const flags = words[slot + flagsOffset]!;
  if (isStop(flags)) {
    parkStop(state, book, slot);
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
    restInBook(state, book, slot);
    state.restingLots = words[slot + openOffset]!;
  } else {
    cancelOrder(state, slot, CancelReason.IMMEDIATE, 0);
    state.restingLots = 0;
  }
}

/** Whether an order crosses the best price of the other side. */
function isMarketable(book: Book, words: Int32Array, slot: number): boolean {
  const opposite = book.opposite(sideOf(words[slot + flagsOffset]!) as Side);
  return opposite.bestKey >= opposite.keyOf(words[slot + priceOffset]!);
}

/** Whether the part of an order that does not trade at once may rest. */
export function mayRest(timeInForce: number): boolean {
  return timeInForce !== TimeInForce.IOC && timeInForce !== TimeInForce.FOK;
}

/** Queues an at-close order for its auction, with a new time priority. */
export function parkAtClose(state: MatchingState, book: Book, slot: number): void {
  setPriority(state.orders.words, slot, ++state.priorities);
  joinQueue(state, book, Queue.AT_CLOSE, slot);
  state.restingLots = state.orders.words[slot + openOffset]!;
  state.orders.touch(slot);
}
