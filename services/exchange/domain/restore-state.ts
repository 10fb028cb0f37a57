/** Builds an engine's state from the records of a snapshot: books and names first, then orders, then commands. */
import { Book } from './book.ts';
import type { TradingState } from './codes.ts';
import { OrderStatus } from './codes.ts';
import type { Listing } from './commands.ts';
import type { EngineState } from './engine-state.ts';
import { restAgain } from './resting.ts';
import { stateHash } from './state-hash.ts';

/** Opens the next book as it was. */
export function restoreBook(state: EngineState, listing: Listing, trading: TradingState, lastPrice: number): void {
  const book = new Book(listing);
  book.state = trading;
  book.setLastPrice(lastPrice);
  state.bookOf.set(listing.symbol, state.books.length);
  state.books.push(book);
}

/** The properties of an order that are restored as they are. */
export const plainColumns = [
  ...(['side', 'timeInForce', 'selfTrade', 'postOnly', 'price', 'quantity', 'remaining'] as const),
  ...(['submittedPrice', 'submittedQuantity', 'revision', 'answerReason', 'answerDetailA', 'answerDetailB'] as const),
  ...(['answerTraded', 'answerResting', 'answerRevision', 'answerSequence'] as const),
];

/** What an order has beside its plain columns. */
export type RestoredOrder = {
  status: OrderStatus;
  book: number;
  accountId: string;
  group: string;
  /** Sequence that gave it its place, or of its last event. */
  stamp: number;
  /** For a final order. */
  finalTimeMs: number;
};

/**
 * Adds the order whose UUID is in `state.key`; the caller then fills the plain columns of the slot that is returned. Final orders
 * come in the order in which they ended. Throws RangeError for what cannot be an order of this state.
 */
export function restoreOrder(state: EngineState, order: RestoredOrder): number {
  const { orders, names } = state;
  const { status, book } = order;
  if (book >= state.books.length) throw new RangeError('an order is of a book that is not listed');
  if (status === OrderStatus.FREE || status > OrderStatus.VOIDED) throw new RangeError('an order has no such status');
  if (orders.index.find(state.key) >= 0) throw new RangeError('an order is there twice');
  const slot = orders.allocate(state.key);
  orders.status[slot] = status;
  orders.book[slot] = book;
  orders.account[slot] = names.acquire(order.accountId);
  orders.group[slot] = names.acquire(order.group);
  orders.stamp[slot] = order.stamp;
  if (status !== OrderStatus.LIVE) orders.finish(slot, status, order.finalTimeMs, order.stamp);
  return slot;
}

/** Puts the live orders among the restored ones into their queues, the earliest stamp first. */
export function restoreQueues(state: EngineState): void {
  const { orders } = state;
  const live = new Int32Array(orders.used)
    .map((_, slot) => slot)
    .filter((slot) => orders.status[slot] === OrderStatus.LIVE);
  live.sort((a, b) => orders.stamp[a]! - orders.stamp[b]!);
  for (const slot of live) restAgain(state, slot);
}

/** Adds the orders restored so far to the state's hash, so that it need not be done all at once. */
export function hashRestored(state: EngineState): void {
  stateHash(state);
}
