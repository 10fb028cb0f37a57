import { none, quantityMax, Side } from '../model/codes.ts';
import type { Book, TrailingLadder } from './book.ts';
import {
  notTrailing,
  stopOffset,
  trailBpsOffset,
  trailNextOffset,
  trailPreviousOffset,
  trailTicksOffset,
  watermarkOffset,
} from './extra-table.ts';
import { Queue } from './level-table.ts';
import type { MatchingState } from './matching-state.ts';
import { extraOffset, flagsOffset, sideOf } from './order-table.ts';
import { joinLadder, leaveQueue } from './queues.ts';

/** Greatest number of waiting trailing stops on one side of a book. */
export const trailingMax = 10_000;

/** The trailing stops of a side. */
export function trailingOf(book: Book, side: number): TrailingLadder {
  return side === Side.BUY ? book.trailing.buys : book.trailing.sells;
}

/** Starts trailing at the order's watermark; the caller queues the order. */
export function beginTrailing(state: MatchingState, book: Book, slot: number): void {
  const { orders, extras } = state;
  const extra = orders.words[slot + extraOffset]!;
  const side = sideOf(orders.words[slot + flagsOffset]!);
  extras.words[extra + stopOffset] = stopPriceOf(extras.words, extra, side);
  follow(state, trailingOf(book, side), slot, extra);
}

/** Links an order into the ladder at its watermark. */
export function follow(state: MatchingState, trailing: TrailingLadder, slot: number, extra: number): void {
  const { words } = state.extras;
  const { ladder } = trailing;
  const key = ladder.keyOf(words[extra + watermarkOffset]!);
  const first = ladder.find(key);
  words[extra + trailPreviousOffset] = none;
  words[extra + trailNextOffset] = first;
  if (first === none) {
    ladder.insert(key, slot);
  } else {
    words[state.orders.words[first + extraOffset]! + trailPreviousOffset] = slot;
    ladder.setLevel(key, slot);
  }
  trailing.count++;
}

/** Stops trailing, if the order trails. */
export function endTrailing(state: MatchingState, book: Book, slot: number, extra: number): void {
  const { orders, extras } = state;
  const { words } = extras;
  const previous = words[extra + trailPreviousOffset]!;
  if (previous === notTrailing) return;
  const trailing = trailingOf(book, sideOf(orders.words[slot + flagsOffset]!));
  const next = words[extra + trailNextOffset]!;
  if (next !== none) words[orders.words[next + extraOffset]! + trailPreviousOffset] = previous;
  if (previous !== none) {
    words[orders.words[previous + extraOffset]! + trailNextOffset] = next;
  } else {
    const key = trailing.ladder.keyOf(words[extra + watermarkOffset]!);
    if (next === none) trailing.ladder.remove(key);
    else trailing.ladder.setLevel(key, next);
  }
  words[extra + trailPreviousOffset] = notTrailing;
  trailing.count--;
}

/** Moves the trailing stops for a trade at a price. */
export function followPrice(state: MatchingState, book: Book, price: number): void {
  const { buys, sells } = book.trailing;
  if (sells.count > 0) move(state, book, sells, Side.SELL, price);
  if (buys.count > 0) move(state, book, buys, Side.BUY, price);
}

/** The stop price of a trailing stop at its watermark. */
export function stopPriceOf(words: Int32Array, extra: number, side: number): number {
  return trailedPrice(
    side,
    words[extra + watermarkOffset]!,
    words[extra + trailTicksOffset]!,
    words[extra + trailBpsOffset]!,
  );
}

/** The stop price that trails a watermark by ticks or, if they are not 0, by basis points. */
export function trailedPrice(side: number, watermark: number, ticks: number, bps: number): number {
  if (side === Side.BUY) {
    const price = bps === 0 ? watermark + ticks : Math.ceil((watermark * (10_000 + bps)) / 10_000);
    return Math.min(quantityMax, price);
  }
  const price = bps === 0 ? watermark - ticks : Math.floor((watermark * (10_000 - bps)) / 10_000);
  return Math.max(0, price);
}

function move(state: MatchingState, book: Book, trailing: TrailingLadder, side: Side, price: number): void {
  const { extras, orders } = state;
  const { ladder } = trailing;
  const here = ladder.keyOf(price);
  const queue = side === Side.BUY ? Queue.BUY_STOPS : Queue.SELL_STOPS;
  while (ladder.bestKey > here) {
    const slot = ladder.bestLevel;
    const extra = orders.words[slot + extraOffset]!;
    endTrailing(state, book, slot, extra);
    extras.words[extra + watermarkOffset] = price;
    const stop = stopPriceOf(extras.words, extra, side);
    if (stop !== extras.words[extra + stopOffset]) {
      leaveQueue(state, slot);
      extras.words[extra + stopOffset] = stop;
      joinLadder(state, book, queue, stop, slot);
    }
    follow(state, trailing, slot, extra);
    orders.touch(slot);
  }
}
