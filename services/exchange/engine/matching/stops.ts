/** Stop orders: how they wait and are elected. */
import { none, OrderType, Side, TradingState } from '../model/codes.ts';
import type { Book } from './book.ts';
import { electedPriceOffset, notTrailing, stopOffset, trailPreviousOffset, watermarkOffset } from './extra-table.ts';
import { headOffset, Queue } from './level-table.ts';
import type { MatchingState } from './matching-state.ts';
import {
  extraOffset,
  flagsOffset,
  nextOffset,
  openOffset,
  priorityOf,
  setPriority,
  sideOf,
  typeOf,
} from './order-table.ts';
import type { PriceLadder } from './price-ladder.ts';
import { firstOf, joinLadder, joinQueue, leaveQueue } from './queues.ts';
import { beginTrailing, endTrailing, follow, followPrice, trailingOf } from './trailing-stops.ts';

const stopTypes = (1 << OrderType.STOP) | (1 << OrderType.STOP_LIMIT) | (1 << OrderType.TRAILING_STOP);

/** Whether an order is a stop. */
export function isStop(flags: number): boolean {
  return ((stopTypes >>> typeOf(flags)) & 1) === 1;
}

/** Queues a stop with a new time priority; elects it at once if its stop price is reached already. */
export function parkStop(state: MatchingState, book: Book, slot: number): void {
  const { orders, extras } = state;
  const flags = orders.words[slot + flagsOffset]!;
  const side = sideOf(flags);
  setPriority(orders.words, slot, ++state.priorities);
  const extra = orders.words[slot + extraOffset]!;
  const trails = typeOf(flags) === OrderType.TRAILING_STOP;
  if (trails && extras.words[extra + watermarkOffset] === 0) extras.words[extra + watermarkOffset] = book.reference;
  if (trails && extras.words[extra + trailPreviousOffset] === notTrailing) beginTrailing(state, book, slot);
  const stop = extras.words[extra + stopOffset]!;
  if (book.state === TradingState.CONTINUOUS && book.reference !== 0 && isReached(side, stop, book.reference)) {
    electOrder(state, book, slot, book.reference);
  } else {
    joinLadder(state, book, stopQueueOf(side), stop, slot);
  }
  state.tradedLots = 0;
  state.restingLots = orders.words[slot + openOffset]!;
  orders.touch(slot);
}

/** Moves trailing stops by the price of a trade, then elects all stops that it reaches. */
export function onTradePrice(state: MatchingState, book: Book, price: number): void {
  followPrice(state, book, price);
  const { buyStops, sellStops } = book;
  while (buyStops.bestKey !== none && buyStops.bestKey >= buyStops.keyOf(price)) elect(state, book, buyStops, price);
  while (sellStops.bestKey !== none && sellStops.bestKey >= sellStops.keyOf(price))
    elect(state, book, sellStops, price);
}

/** Queues elected stops again with their old priorities, because the book is no longer in continuous trading. */
export function requeueElected(state: MatchingState, book: Book): void {
  const { orders, extras } = state;
  for (let slot = firstOf(state, book.elected); slot !== none; slot = firstOf(state, book.elected)) {
    const extra = orders.words[slot + extraOffset]!;
    const side = sideOf(orders.words[slot + flagsOffset]!);
    leaveQueue(state, slot);
    joinLadder(state, book, stopQueueOf(side), extras.words[extra + stopOffset]!, slot);
    if (typeOf(orders.words[slot + flagsOffset]!) === OrderType.TRAILING_STOP) {
      follow(state, trailingOf(book, side), slot, extra);
    }
  }
}

/** The queue in which the stops of a side wait. */
export function stopQueueOf(side: number): Queue {
  return side === Side.BUY ? Queue.BUY_STOPS : Queue.SELL_STOPS;
}

function isReached(side: number, stop: number, price: number): boolean {
  return side === Side.BUY ? price >= stop : price <= stop;
}

/** Elects all stops of a ladder's best price, by time priority: the queue itself is unordered. */
function elect(state: MatchingState, book: Book, ladder: PriceLadder, price: number): void {
  const { words } = state.orders;
  const slots: number[] = [];
  const first = state.levels.words[ladder.bestLevel + headOffset]!;
  for (let slot = first; slot !== none; slot = words[slot + nextOffset]!) slots.push(slot);
  if (slots.length > 1) slots.sort((a, b) => priorityOf(words, a) - priorityOf(words, b));
  for (const slot of slots) {
    leaveQueue(state, slot);
    electOrder(state, book, slot, price);
  }
}

/** Queues a stop that is in no queue as elected. It no longer trails. */
function electOrder(state: MatchingState, book: Book, slot: number, price: number): void {
  const extra = state.orders.words[slot + extraOffset]!;
  endTrailing(state, book, slot, extra);
  state.extras.words[extra + electedPriceOffset] = price;
  joinQueue(state, book, Queue.ELECTED, slot);
}
