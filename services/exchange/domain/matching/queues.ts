/** Orders in the queues of their levels, and out of them. */
import type { Side } from '../codes.ts';
import { NONE } from '../codes.ts';
import type { Book } from './book.ts';
import { HEAD, LEVEL_PRICE, ORDER_COUNT, OWNER, Queue, queueOf, TAIL } from './level-table.ts';
import type { MatchingState } from './matching-state.ts';
import { FLAGS, LEVEL, NEXT, OPEN, PREVIOUS, PRICE, SHOWN, setPlace, sideOf } from './order-table.ts';
import { shownOf } from './slices.ts';

/** Puts an order with open lots behind all others at its price in the public book, with a new place. */
export function rest(state: MatchingState, book: Book, slot: number): void {
  const { words } = state.orders;
  const side = sideOf(words[slot + FLAGS]!) as Side;
  words[slot + SHOWN] = shownOf(state, slot);
  setPlace(words, slot, ++state.places);
  joinLadder(state, book, (side - 1) as Queue, words[slot + PRICE]!, slot);
  state.orders.touch(slot);
}

/** Puts an order at the end of the queue of a price. Its place in time is the caller's matter. */
export function joinLadder(state: MatchingState, book: Book, queue: Queue, price: number, slot: number): void {
  const { levels, changes } = state;
  const ladder = book.ladders[queue]!;
  const key = ladder.keyOf(price);
  let level = ladder.find(key);
  if (level === NONE) {
    level = levels.allocate(book.number * 8 + queue, price);
    ladder.insert(key, level);
    if (queue <= Queue.ASKS) changes.created(level);
  } else if (queue <= Queue.ASKS) {
    changes.beforeChange(level);
  }
  if (queue <= Queue.ASKS) levels.lots[level >>> 3]! += state.orders.words[slot + SHOWN]!;
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
  const { words } = state.orders;
  const levels = state.levels;
  const level = words[slot + LEVEL]!;
  const owner = levels.words[level + OWNER]!;
  const queue = queueOf(owner);
  const isPublic = queue <= Queue.ASKS;
  if (isPublic) {
    state.changes.beforeChange(level);
    levels.lots[level >>> 3]! -= words[slot + SHOWN]!;
  }
  const [next, previous] = [words[slot + NEXT]!, words[slot + PREVIOUS]!];
  if (previous === NONE) levels.words[level + HEAD] = next;
  else words[previous + NEXT] = next;
  if (next === NONE) levels.words[level + TAIL] = previous;
  else words[next + PREVIOUS] = previous;
  words[slot + LEVEL] = NONE;
  if (--levels.words[level + ORDER_COUNT]! > 0 || queue > Queue.SELL_STOPS) return;
  const ladder = state.books[owner >>> 3]!.ladders[queue]!;
  ladder.remove(ladder.keyOf(levels.words[level + LEVEL_PRICE]!));
  if (isPublic) state.changes.removed(level);
  levels.release(level);
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
  state.levels.lots[level >>> 3]! += lots - words[slot + SHOWN]!;
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
  const { words } = state.orders;
  const levels = state.levels;
  const last = levels.words[level + TAIL]!;
  words[slot + LEVEL] = level;
  words[slot + PREVIOUS] = last;
  words[slot + NEXT] = NONE;
  if (last === NONE) levels.words[level + HEAD] = slot;
  else words[last + NEXT] = slot;
  levels.words[level + TAIL] = slot;
  levels.words[level + ORDER_COUNT]!++;
}

function levelOf(state: MatchingState, book: Book, queue: Queue): number {
  const name = queue === Queue.AT_CLOSE ? 'atClose' : queue === Queue.ELECTED ? 'elected' : 'ungrown';
  if (book[name] === NONE) book[name] = state.levels.allocate(book.number * 8 + queue, 0);
  return book[name];
}
