/** Continuous matching: price-time priority, at the maker's price. */
import { none, type Side, StateCause, TradingState } from '../model/codes.ts';
import { EventKind } from '../model/event-buffer.ts';
import type { Book } from './book.ts';
import { releaseOrder } from './finish.ts';
import { headOffset, levelPriceOffset } from './level-table.ts';
import { listTraded } from './lists.ts';
import type { MatchingState } from './matching-state.ts';
import {
  extraOffset,
  flagsOffset,
  groupOffset,
  keyOffset,
  openOffset,
  priceOffset,
  setPriority,
  shownOffset,
  sideOf,
} from './order-table.ts';
import { joinLadder, leaveQueue, setShown, shownOf } from './queues.ts';
import { preventSelfTrade } from './self-trade.ts';
import { onTradePrice, requeueElected } from './stops.ts';

/**
 * Matches an order that is in no queue until it is filled or dead, no longer marketable, or the breaker halts the book. Returns the traded
 * lots. A filled order is released: its slot must not be used afterwards.
 */
export function match(state: MatchingState, book: Book, taker: number): number {
  const { orders, levels } = state;
  const key = orders.words[taker + keyOffset]!;
  const opposite = book.opposite(sideOf(orders.words[taker + flagsOffset]!) as Side);
  const limit = opposite.keyOf(orders.words[taker + priceOffset]!);
  const group = orders.words[taker + groupOffset]!;
  let traded = 0;
  while (opposite.bestKey >= limit) {
    const level = opposite.bestLevel;
    const maker = levels.words[level + headOffset]!;
    if (orders.words[maker + groupOffset] === group) {
      preventSelfTrade(state, maker, taker);
    } else {
      const price = levels.words[level + levelPriceOffset]!;
      if (price < book.breakerLow || price > book.breakerHigh) {
        tripBreaker(state, book);
        break;
      }
      traded += trade(state, book, maker, taker, price);
      onTradePrice(state, book, price);
    }
    if (orders.words[taker + keyOffset] !== key) break;
  }
  return traded;
}

/** Trades a resting order with an arriving one at a price. Returns the lots. */
export function trade(state: MatchingState, book: Book, maker: number, taker: number, price: number): number {
  const { words } = state.orders;
  const lots = Math.min(words[maker + shownOffset]!, words[taker + openOffset]!);
  tradeLots(state, book, maker, taker, price, lots);
  return lots;
}

/** Trades lots that both orders have at a price. Its event is the next one; filled orders are released. */
export function tradeLots(
  state: MatchingState,
  book: Book,
  maker: number,
  taker: number,
  price: number,
  lots: number,
): void {
  const { words } = state.orders;
  emitTrade(state, book, maker, taker, price, lots, 0);
  fillMaker(state, maker, lots);
  words[taker + openOffset]! -= lots;
  const takerKey = words[taker + keyOffset]!;
  if (words[maker + extraOffset] !== none) listTraded(state, maker, lots);
  if (words[taker + extraOffset] !== none) listTraded(state, taker, lots);
  if (words[maker + openOffset] === 0) releaseOrder(state, maker);
  else if (words[maker + shownOffset] === 0) refresh(state, book, maker);
  if (words[taker + openOffset] === 0 && words[taker + keyOffset] === takerKey) releaseOrder(state, taker);
}

/** Emits a trade and updates the last price. */
export function emitTrade(
  state: MatchingState,
  book: Book,
  maker: number,
  taker: number,
  price: number,
  lots: number,
  auction: number,
): void {
  const { events, orders } = state;
  const order = orders.words;
  const at = events.begin(EventKind.TRADED, book.number, state.command);
  const words = events.words;
  words[at + 3] = order[maker + keyOffset]!;
  words[at + 4] = order[taker + keyOffset]!;
  words[at + 5] = price;
  words[at + 6] = lots;
  words[at + 7] = order[maker + openOffset]! - lots;
  words[at + 8] = order[taker + openOffset]! - lots;
  words[at + 9] = auction;
  state.tradeCount++;
  book.lastPrice = price;
  if (book.breakerReference === 0) book.setBreaker(price);
  orders.touch(maker);
  orders.touch(taker);
}

/** Halts a book whose next trade would be outside the breaker's range. */
export function tripBreaker(state: MatchingState, book: Book): void {
  book.state = TradingState.HALTED;
  book.timerTimeMs = state.nowMs + book.listing.breakerHaltMs;
  state.events.push(EventKind.STATE_CHANGED, book.number, state.command, book.state, StateCause.BREAKER);
  requeueElected(state, book);
}

/** Takes lots from a maker's slice; a filled maker leaves its queue. */
function fillMaker(state: MatchingState, maker: number, lots: number): void {
  const { words } = state.orders;
  words[maker + openOffset]! -= lots;
  if (words[maker + openOffset] === 0) leaveQueue(state, maker);
  else setShown(state, maker, words[maker + shownOffset]! - lots);
}

/** Shows the next slice of an iceberg, behind all other orders at its price. */
function refresh(state: MatchingState, book: Book, slot: number): void {
  const { orders, events } = state;
  const { words } = orders;
  const queue = sideOf(words[slot + flagsOffset]!) - 1;
  leaveQueue(state, slot);
  words[slot + shownOffset] = shownOf(state, slot);
  setPriority(words, slot, ++state.priorities);
  joinLadder(state, book, queue as 0 | 1, words[slot + priceOffset]!, slot);
  events.push(EventKind.REFRESHED, book.number, state.command, words[slot + keyOffset], words[slot + shownOffset]);
}
