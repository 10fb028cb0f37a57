import { NONE, quantityMax, Side } from '../codes.ts';
import { grown } from '../columns.ts';
import type { Book } from './book.ts';
import { STOP, TRAIL_BPS, TRAIL_PLACE, TRAIL_TICKS, WATERMARK } from './extra-table.ts';
import { OWNER, Queue, queueOf } from './level-table.ts';
import type { MatchingState } from './matching-state.ts';
import { EXTRA, FLAGS, LEVEL, sideOf } from './order-table.ts';
import { joinLadder, leaveQueue } from './queues.ts';

/** Trailing stops that may wait on one side of a book. */
export const trailingMax = 10_000;

/** The trailing stops of one side of a book, in no order. */
export type TrailingStops = {
  slots: Int32Array;
  count: number;
  /** No stop moves before a trade is past this price: above it for sells, below it for buys. 0 and 2^31 - 1: any may. */
  still: number;
};

/** No trailing stops. */
export function createTrailingStops(): TrailingStops {
  return { slots: new Int32Array(16), count: 0, still: NONE };
}

/** The trailing stops of a side. */
export function trailingOf(book: Book, side: number): TrailingStops {
  return side === Side.BUY ? book.trailing.buys : book.trailing.sells;
}

/** Starts to trail at a price; the caller lets the order wait. */
export function beginTrailing(state: MatchingState, book: Book, slot: number, price: number): void {
  const { orders, extras } = state;
  const extra = orders.words[slot + EXTRA]!;
  const side = sideOf(orders.words[slot + FLAGS]!);
  const trailing = trailingOf(book, side);
  if (trailing.count === trailing.slots.length) trailing.slots = grown(trailing.slots, trailing.count * 2);
  trailing.slots[trailing.count] = slot;
  extras.words[extra + TRAIL_PLACE] = trailing.count++;
  if (price !== 0) extras.words[extra + WATERMARK] = price;
  extras.words[extra + STOP] = stopPriceOf(extras.words, extra, side);
  widen(trailing, side, extras.words[extra + WATERMARK]!);
}

/** Ends trailing, where the order does. */
export function endTrailing(state: MatchingState, book: Book, slot: number, extra: number): void {
  const { orders, extras } = state;
  const place = extras.words[extra + TRAIL_PLACE]!;
  if (place === NONE) return;
  const trailing = trailingOf(book, sideOf(orders.words[slot + FLAGS]!));
  const last = trailing.slots[--trailing.count]!;
  trailing.slots[place] = last;
  extras.words[orders.words[last + EXTRA]! + TRAIL_PLACE] = place;
  extras.words[extra + TRAIL_PLACE] = NONE;
  if (trailing.count === 0) trailing.still = NONE;
}

/** Moves the stops that follow a trade at a price. Elected ones do not move. */
export function followPrice(state: MatchingState, book: Book, price: number): void {
  const { buys, sells } = book.trailing;
  if (sells.count > 0 && price > sells.still) moveAll(state, book, sells, Side.SELL, price);
  if (buys.count > 0 && price < buys.still) moveAll(state, book, buys, Side.BUY, price);
}

/** The stop price of a trailing stop at its best price so far. */
export function stopPriceOf(words: Int32Array, extra: number, side: number): number {
  const [watermark, ticks, bps] = [words[extra + WATERMARK]!, words[extra + TRAIL_TICKS]!, words[extra + TRAIL_BPS]!];
  if (side === Side.BUY) {
    const price = bps === 0 ? watermark + ticks : Math.ceil((watermark * (10_000 + bps)) / 10_000);
    return Math.min(quantityMax, price);
  }
  const price = bps === 0 ? watermark - ticks : Math.floor((watermark * (10_000 - bps)) / 10_000);
  return Math.max(0, price);
}

function moveAll(state: MatchingState, book: Book, trailing: TrailingStops, side: number, price: number): void {
  const { orders, extras, levels } = state;
  let still = NONE;
  for (let i = 0; i < trailing.count; i++) {
    const slot = trailing.slots[i]!;
    const extra = orders.words[slot + EXTRA]!;
    const watermark = extras.words[extra + WATERMARK]!;
    const level = orders.words[slot + LEVEL]!;
    if (queueOf(levels.words[level + OWNER]!) === Queue.ELECTED) continue;
    const moves = side === Side.SELL ? price > watermark : price < watermark;
    if (moves) {
      extras.words[extra + WATERMARK] = price;
      const stop = stopPriceOf(extras.words, extra, side);
      if (stop !== extras.words[extra + STOP]) {
        leaveQueue(state, slot);
        extras.words[extra + STOP] = stop;
        joinLadder(state, book, side === Side.BUY ? Queue.BUY_STOPS : Queue.SELL_STOPS, stop, slot);
      }
      orders.touch(slot);
    }
    const now = moves ? price : watermark;
    still = still === NONE ? now : side === Side.SELL ? Math.min(still, now) : Math.max(still, now);
  }
  trailing.still = still;
}

/** Lets a stop that waits (again) move with the next price that passes its best one. */
export function widen(trailing: TrailingStops, side: number, watermark: number): void {
  if (trailing.still === NONE) trailing.still = watermark;
  else trailing.still = side === Side.SELL ? Math.min(trailing.still, watermark) : Math.max(trailing.still, watermark);
}
