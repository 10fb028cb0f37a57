/** Orders in the queues of their levels, and out of them. */
import { NONE } from '../codes.ts';
import type { Book } from './book.ts';
import { HEAD, LEVEL_PRICE, ORDER_COUNT, OWNER, Queue, queueOf, TAIL } from './level-table.ts';
import type { MatchingState } from './matching-state.ts';
import { EXTRA, FLAGS, LEVEL, NEXT, OPEN, PREVIOUS, PRICE, SHOWN, setPlace, sideOf } from './order-table.ts';
import { shownOf } from './slices.ts';

/** Puts an order with open lots behind all others at its price in the public book, with a new place. */
export function rest(state: MatchingState, book: Book, slot: number): void {
  const words = state.orders.words;
  words[slot + SHOWN] = words[slot + EXTRA] === NONE ? words[slot + OPEN]! : shownOf(state, slot);
  setPlace(words, slot, ++state.places);
  joinLadder(state, book, (sideOf(words[slot + FLAGS]!) - 1) as Queue, words[slot + PRICE]!, slot);
}

/** Puts an order at the end of the queue of a price. Its place in time is the caller's matter. */
export function joinLadder(state: MatchingState, book: Book, queue: Queue, price: number, slot: number): void {
  const levels = state.levels;
  const ladder = book.ladders[queue]!;
  const key = ladder.keyOf(price);
  const isPublic = queue <= Queue.ASKS;
  let level = ladder.find(key);
  if (level === NONE) {
    const owner = book.number * 8 + queue;
    level = isPublic ? state.changes.open(owner, price) : levels.allocate(owner, price);
    ladder.insert(key, level);
  } else if (isPublic) {
    state.changes.beforeChange(level);
  }
  if (isPublic) levels.addLots(level, state.orders.words[slot + SHOWN]!);
  append(state, level, slot);
}

/** Puts an order at the end of one of the queues without a price. */
export function joinQueue(state: MatchingState, book: Book, queue: Queue, slot: number): void {
  append(state, levelOf(state, book, queue), slot);
}

/** The first order of a queue without a price, or NONE. */
export function firstOf(state: MatchingState, level: number): number {
  return level === NONE ? NONE : state.levels.words[level + HEAD]!;
}

/** Takes an order out of its queue, and the level out of its ladder when it was the last one there. */
export function leaveQueue(state: MatchingState, slot: number): void {
  const words = state.orders.words;
  const levels = state.levels;
  const queues = levels.words;
  const level = words[slot + LEVEL]!;
  const owner = queues[level + OWNER]!;
  const queue = queueOf(owner);
  if (queue <= Queue.ASKS) {
    state.changes.beforeChange(level);
    levels.addLots(level, -words[slot + SHOWN]!);
  }
  const next = words[slot + NEXT]!;
  const previous = words[slot + PREVIOUS]!;
  if (previous === NONE) queues[level + HEAD] = next;
  else words[previous + NEXT] = next;
  if (next === NONE) queues[level + TAIL] = previous;
  else words[next + PREVIOUS] = previous;
  words[slot + LEVEL] = NONE;
  const left = queues[level + ORDER_COUNT]! - 1;
  queues[level + ORDER_COUNT] = left;
  if (left === 0 && queue <= Queue.SELL_STOPS) dropLevel(state, level, queue, owner >>> 3);
}

function dropLevel(state: MatchingState, level: number, queue: Queue, book: number): void {
  const ladder = state.books[book]!.ladders[queue]!;
  ladder.remove(ladder.keyOf(state.levels.words[level + LEVEL_PRICE]!));
  if (queue > Queue.ASKS) state.levels.release(level);
}

/** Takes lots from what an order is open and shows, in its place; keeps at least one shown lot. */
export function shrink(state: MatchingState, slot: number, lots: number): void {
  const { words } = state.orders;
  words[slot + OPEN]! -= lots;
  if (words[slot + LEVEL] !== NONE && isResting(state, slot)) showAgain(state, slot);
  state.orders.touch(slot);
}

/** Shows the smaller of its slice and what is open. */
export function showAgain(state: MatchingState, slot: number): void {
  const { words } = state.orders;
  setShown(state, slot, Math.min(words[slot + SHOWN]!, words[slot + OPEN]!));
}

/** Changes what a resting order shows. */
export function setShown(state: MatchingState, slot: number, lots: number): void {
  const { words } = state.orders;
  const level = words[slot + LEVEL]!;
  if (lots === words[slot + SHOWN]) return;
  state.changes.beforeChange(level);
  state.levels.addLots(level, lots - words[slot + SHOWN]!);
  words[slot + SHOWN] = lots;
}

/** Whether an order is in the public book. */
export function isResting(state: MatchingState, slot: number): boolean {
  const level = state.orders.words[slot + LEVEL]!;
  return level !== NONE && queueOf(state.levels.words[level + OWNER]!) <= Queue.ASKS;
}

/** The queue that an order is in; NONE while it arrives. */
export function queueOfOrder(state: MatchingState, slot: number): number {
  const level = state.orders.words[slot + LEVEL]!;
  return level === NONE ? NONE : queueOf(state.levels.words[level + OWNER]!);
}

function append(state: MatchingState, level: number, slot: number): void {
  const words = state.orders.words;
  const queues = state.levels.words;
  const last = queues[level + TAIL]!;
  words[slot + LEVEL] = level;
  words[slot + PREVIOUS] = last;
  words[slot + NEXT] = NONE;
  if (last === NONE) queues[level + HEAD] = slot;
  else words[last + NEXT] = slot;
  queues[level + TAIL] = slot;
  queues[level + ORDER_COUNT]!++;
}

function levelOf(state: MatchingState, book: Book, queue: Queue): number {
  const name = queue === Queue.AT_CLOSE ? 'atClose' : queue === Queue.ELECTED ? 'elected' : 'ungrown';
  if (book[name] === NONE) book[name] = state.levels.allocate(book.number * 8 + queue, 0);
  return book[name];
}
