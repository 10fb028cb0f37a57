/** Orders by value (R36): they trade as many lots as what is left of their value buys. */
import { CancelReason, type Side } from '../model/codes.ts';
import { eventWords } from '../model/event-buffer.ts';
import type { Book } from './book.ts';
import { cancelOrder, releaseOrder } from './finish.ts';
import { headOffset, levelPriceOffset } from './level-table.ts';
import { tradeLots, tripBreaker } from './matching.ts';
import type { MatchingState } from './matching-state.ts';
import { flagsOffset, groupOffset, keyOffset, openOffset, priceOffset, shownOffset, sideOf } from './order-table.ts';
import type { PriceLadder } from './price-ladder.ts';
import { preventSelfTrade } from './self-trade.ts';
import { onTradePrice } from './stops.ts';

/** Enters an order by value that is in no queue, in a book that trades. What it does not trade is cancelled. */
export function enterByValue(state: MatchingState, book: Book, slot: number, valueMax: number): void {
  const { words } = state.orders;
  const key = words[slot + keyOffset]!;
  state.tradedLots = matchByValue(state, book, slot, valueMax);
  state.restingLots = 0;
  if (words[slot + keyOffset] === key) cancelOrder(state, slot, CancelReason.IMMEDIATE, 0);
}

// As `match` but for the lots of a trade and the end. Below 2^53 throughout, so that no quotient passes a whole number.
function matchByValue(state: MatchingState, book: Book, taker: number, valueMax: number): number {
  const { orders, levels } = state;
  const { words } = orders;
  const key = words[taker + keyOffset]!;
  const opposite = book.opposite(sideOf(words[taker + flagsOffset]!) as Side);
  const limit = opposite.keyOf(words[taker + priceOffset]!);
  let [traded, left] = [0, valueMax];
  while (opposite.bestKey >= limit) {
    const price = levels.words[opposite.bestLevel + levelPriceOffset]!;
    const most = Math.floor(left / price);
    if (most === 0) break;
    const maker = levels.words[opposite.bestLevel + headOffset]!;
    if (words[maker + groupOffset] === words[taker + groupOffset]) {
      preventSelfTrade(state, maker, taker);
    } else {
      if (price < book.breakerLow || price > book.breakerHigh) {
        tripBreaker(state, book);
        break;
      }
      const event = state.events.count;
      const lots = Math.min(words[maker + shownOffset]!, words[taker + openOffset]!, most);
      tradeLots(state, book, maker, taker, price, lots);
      traded += lots;
      left -= lots * price;
      if (words[taker + keyOffset] === key && left < nextPrice(state, opposite, limit, price))
        fill(state, taker, event);
      onTradePrice(state, book, price);
    }
    if (words[taker + keyOffset] !== key) break;
  }
  return traded;
}

/** The price at which the order would trade next; that of its last trade if there is none within its limit. */
function nextPrice({ levels }: MatchingState, opposite: PriceLadder, limit: number, lastPrice: number): number {
  return opposite.bestKey >= limit ? levels.words[opposite.bestLevel + levelPriceOffset]! : lastPrice;
}

/** Ends an order with its last trade, of which `event` is the event: what is left of its value buys no lot. */
function fill(state: MatchingState, slot: number, event: number): void {
  state.events.words[event * eventWords + 8] = 0;
  releaseOrder(state, slot);
}
