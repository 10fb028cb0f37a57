/** Selection and cancels of many orders in the order of R9: bids, asks, then waiting orders by time priority. */
import { type CancelReason, none } from '../model/codes.ts';
import type { Book } from './book.ts';
import { cancelOrder } from './finish.ts';
import { headOffset } from './level-table.ts';
import type { MatchingState } from './matching-state.ts';
import { accountOffset, flagsOffset, keyOffset, nextOffset, priorityOf, sideOf } from './order-table.ts';
import type { PriceLadder } from './price-ladder.ts';
import { firstOf } from './queues.ts';

/** The live orders of a book for which a predicate is true, in the order of R9. */
export function selectOrders(state: MatchingState, book: Book, takes: (slot: number) => boolean): number[] {
  const found: number[] = [];
  collectLadder(state, book.bids, takes, found);
  collectLadder(state, book.asks, takes, found);
  const waiting: number[] = [];
  collectLadder(state, book.buyStops, takes, waiting);
  collectLadder(state, book.sellStops, takes, waiting);
  for (const level of [book.atClose, book.elected, book.inactive]) {
    collectQueue(state, firstOf(state, level), takes, waiting);
  }
  const { words } = state.orders;
  waiting.sort((a, b) => priorityOf(words, a) - priorityOf(words, b));
  return found.concat(waiting);
}

/** Cancels the selected orders, except those that earlier cancels ended. `flags` are those of EventFlag. */
export function massCancel(
  state: MatchingState,
  book: Book,
  takes: (slot: number) => boolean,
  reason: CancelReason,
  flags: number,
): void {
  const { words } = state.orders;
  const slots = selectOrders(state, book, takes);
  const keys = slots.map((slot) => words[slot + keyOffset]!);
  for (const [i, slot] of slots.entries())
    if (words[slot + keyOffset] === keys[i]) cancelOrder(state, slot, reason, flags);
}

/** A predicate for orders of an account (`none`: all) and a side (0: both). */
export function ofAccount(state: MatchingState, account: number, side: number) {
  const { words } = state.orders;
  return (slot: number) =>
    (account === none || words[slot + accountOffset] === account) &&
    (side === 0 || sideOf(words[slot + flagsOffset]!) === side);
}

function collectLadder(
  state: MatchingState,
  ladder: PriceLadder,
  takes: (slot: number) => boolean,
  to: number[],
): void {
  for (let key = ladder.bestKey; key !== none; key = ladder.below(key)) {
    collectQueue(state, state.levels.words[ladder.find(key) + headOffset]!, takes, to);
  }
}

function collectQueue({ orders }: MatchingState, first: number, takes: (slot: number) => boolean, to: number[]): void {
  for (let slot = first; slot !== none; slot = orders.words[slot + nextOffset]!) if (takes(slot)) to.push(slot);
}
