/** Adds orders to the queues of their levels, and removes them. */
import { none } from '../model/codes.ts';
import type { Book } from './book.ts';
import { displayOffset } from './extra-table.ts';
import {
  headOffset,
  levelPriceOffset,
  orderCountOffset,
  ownerOffset,
  Queue,
  queueOf,
  tailOffset,
} from './level-table.ts';
import type { MatchingState } from './matching-state.ts';
import {
  extraOffset,
  flagsOffset,
  levelOffset,
  nextOffset,
  openOffset,
  previousOffset,
  priceOffset,
  setPriority,
  shownOffset,
  sideOf,
} from './order-table.ts';

/** Adds an order with open lots to the public book, behind all others at its price, with a new time priority. */
export function restInBook(state: MatchingState, book: Book, slot: number): void {
  const words = state.orders.words;
  words[slot + shownOffset] = words[slot + extraOffset] === none ? words[slot + openOffset]! : shownOf(state, slot);
  setPriority(words, slot, ++state.priorities);
  joinLadder(state, book, (sideOf(words[slot + flagsOffset]!) - 1) as Queue, words[slot + priceOffset]!, slot);
}

/** Adds an order to the end of the queue of a price. The caller sets its time priority. */
export function joinLadder(state: MatchingState, book: Book, queue: Queue, price: number, slot: number): void {
  const levels = state.levels;
  const ladder = book.ladders[queue]!;
  const key = ladder.keyOf(price);
  const isPublic = queue <= Queue.ASKS;
  let level = ladder.find(key);
  if (level === none) {
    const owner = book.number * 8 + queue;
    level = isPublic ? state.changes.open(owner, price) : levels.allocate(owner, price);
    ladder.insert(key, level);
  } else if (isPublic) {
    state.changes.beforeChange(level);
  }
  if (isPublic) levels.addLots(level, state.orders.words[slot + shownOffset]!);
  append(state, level, slot);
}

/** Adds an order to the end of a queue without a price. */
export function joinQueue(state: MatchingState, book: Book, queue: Queue, slot: number): void {
  append(state, levelOf(state, book, queue), slot);
}

/** The first order of a queue without a price, or `none`. */
export function firstOf(state: MatchingState, level: number): number {
  return level === none ? none : state.levels.words[level + headOffset]!;
}

/** Removes an order from its queue, and the level from its ladder with the last order. */
export function leaveQueue(state: MatchingState, slot: number): void {
  const words = state.orders.words;
  const levels = state.levels;
  const queues = levels.words;
  const level = words[slot + levelOffset]!;
  const owner = queues[level + ownerOffset]!;
  const queue = queueOf(owner);
  if (queue <= Queue.ASKS) {
    state.changes.beforeChange(level);
    levels.addLots(level, -words[slot + shownOffset]!);
  }
  const next = words[slot + nextOffset]!;
  const previous = words[slot + previousOffset]!;
  if (previous === none) queues[level + headOffset] = next;
  else words[previous + nextOffset] = next;
  if (next === none) queues[level + tailOffset] = previous;
  else words[next + previousOffset] = previous;
  words[slot + levelOffset] = none;
  const left = queues[level + orderCountOffset]! - 1;
  queues[level + orderCountOffset] = left;
  if (left === 0 && queue <= Queue.SELL_STOPS) dropLevel(state, level, queue, owner >>> 3);
}

function dropLevel(state: MatchingState, level: number, queue: Queue, book: number): void {
  const ladder = state.books[book]!.ladders[queue]!;
  ladder.remove(ladder.keyOf(state.levels.words[level + levelPriceOffset]!));
  if (queue > Queue.ASKS) state.levels.release(level);
}

/** Reduces the open lots of an order, and its shown lots if necessary, with its priority. */
export function reduceOpen(state: MatchingState, slot: number, lots: number): void {
  const { words } = state.orders;
  words[slot + openOffset]! -= lots;
  if (words[slot + levelOffset] !== none && isResting(state, slot)) capShown(state, slot);
  state.orders.touch(slot);
}

/** Limits the shown lots of an order to its open lots. */
export function capShown(state: MatchingState, slot: number): void {
  const { words } = state.orders;
  setShown(state, slot, Math.min(words[slot + shownOffset]!, words[slot + openOffset]!));
}

/** Sets the shown lots of a resting order. */
export function setShown(state: MatchingState, slot: number, lots: number): void {
  const { words } = state.orders;
  const level = words[slot + levelOffset]!;
  if (lots === words[slot + shownOffset]) return;
  state.changes.beforeChange(level);
  state.levels.addLots(level, lots - words[slot + shownOffset]!);
  words[slot + shownOffset] = lots;
}

/** Whether an order is in the public book. */
export function isResting(state: MatchingState, slot: number): boolean {
  const level = state.orders.words[slot + levelOffset]!;
  return level !== none && queueOf(state.levels.words[level + ownerOffset]!) <= Queue.ASKS;
}

/** The queue of an order; `none` while it is in none. */
export function queueOfOrder(state: MatchingState, slot: number): number {
  const level = state.orders.words[slot + levelOffset]!;
  return level === none ? none : queueOf(state.levels.words[level + ownerOffset]!);
}

/** The lots that an order shows when it joins a queue: the slice of an iceberg, or all open lots. */
export function shownOf({ orders, extras }: MatchingState, slot: number): number {
  const open = orders.words[slot + openOffset]!;
  const extra = orders.words[slot + extraOffset]!;
  if (extra === none) return open;
  const display = extras.words[extra + displayOffset]!;
  return display === 0 ? open : Math.min(display, open);
}

function append(state: MatchingState, level: number, slot: number): void {
  const words = state.orders.words;
  const queues = state.levels.words;
  const last = queues[level + tailOffset]!;
  words[slot + levelOffset] = level;
  words[slot + previousOffset] = last;
  words[slot + nextOffset] = none;
  if (last === none) queues[level + headOffset] = slot;
  else words[last + nextOffset] = slot;
  queues[level + tailOffset] = slot;
  queues[level + orderCountOffset]!++;
}

function levelOf(state: MatchingState, book: Book, queue: Queue): number {
  const name = queue === Queue.AT_CLOSE ? 'atClose' : queue === Queue.ELECTED ? 'elected' : 'inactive';
  if (book[name] === none) book[name] = state.levels.allocate(book.number * 8 + queue, 0);
  return book[name];
}
