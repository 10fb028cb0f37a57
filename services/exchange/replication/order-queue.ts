/** The orders of one side of a book in the order in which they would trade, read from the engine between two groups. */

import type { Book } from '../engine/matching/book.ts';
import { headOffset } from '../engine/matching/level-table.ts';
import {
  keyOffset,
  levelOffset,
  nextOffset,
  priceOffset,
  priorityOf,
  shownOffset,
} from '../engine/matching/order-table.ts';
import { none, Side } from '../engine/model/codes.ts';
import { formatUuid } from '../engine/model/uuid.ts';
import type { EngineState } from '../engine/state/engine-state.ts';

/** The position of an order in a queue: its price, its time priority, and its key in the engine. */
export type QueuePosition = { priceTicks: number; priority: number; key: number };

/** A resting order. */
export type QueuedOrder = QueuePosition & { orderId: string; accountId: string; shownLots: number };

/** The part of a queue to read: at most `limit` orders behind `after`, or from the front if that is undefined. */
export type QueueQuery = { symbol: string; side: Side; after: QueuePosition | undefined; limit: number };

/** A part of a queue and the sequence of the state it was read from; `orders` is undefined if the symbol has no book. */
export type QueuePage = { sequence: number; orders: QueuedOrder[] | undefined };

/**
 * Reads a part of a queue. Its cost is one step for each order returned, plus one for each order before them at the price of `after`
 * if that order is no longer there.
 */
export function readQueue(state: EngineState, { symbol, side, after, limit }: QueueQuery): QueuePage {
  const { sequence } = state;
  const book = state.books[state.bookOf.get(symbol) ?? none];
  if (!book) return { sequence, orders: undefined };
  const orders: QueuedOrder[] = [];
  for (const slot of slotsBehind(state, book, side, after)) {
    if (orders.length === limit) break;
    orders.push(readOrder(state, slot));
  }
  return { sequence, orders };
}

function* slotsBehind(
  state: EngineState,
  book: Book,
  side: Side,
  after: QueuePosition | undefined,
): Generator<number, void, undefined> {
  const ladder = side === Side.BUY ? book.bids : book.asks;
  const { words } = state.matching.state.levels;
  let key = ladder.bestKey;
  if (after) {
    const same = ladder.keyOf(after.priceTicks);
    const level = ladder.find(same);
    if (level !== none) yield* queueFrom(state, firstBehind(state, level, after));
    key = ladder.below(same);
  }
  for (; key !== none; key = ladder.below(key)) yield* queueFrom(state, words[ladder.find(key) + headOffset] ?? none);
}

function* queueFrom({ matching }: EngineState, first: number): Generator<number, void, undefined> {
  const { words } = matching.state.orders;
  for (let slot = first; slot !== none; slot = words[slot + nextOffset] ?? none) yield slot;
}

/** The first order of a level behind a position, or none. */
function firstBehind({ matching }: EngineState, level: number, { priority, key }: QueuePosition): number {
  const { orders, levels } = matching.state;
  const { words } = orders;
  const known = orders.find(key);
  if (known !== none && words[known + levelOffset] === level && priorityOf(words, known) === priority) {
    return words[known + nextOffset] ?? none;
  }
  let slot = levels.words[level + headOffset] ?? none;
  while (slot !== none && priorityOf(words, slot) <= priority) slot = words[slot + nextOffset] ?? none;
  return slot;
}

function readOrder({ matching, records, names }: EngineState, slot: number): QueuedOrder {
  const { words } = matching.state.orders;
  const key = words[slot + keyOffset] ?? none;
  return {
    priceTicks: words[slot + priceOffset] ?? 0,
    priority: priorityOf(words, slot),
    key,
    orderId: formatUuid(records.uuids, key * 4),
    accountId: names.names[records.account[key] ?? none] ?? '',
    shownLots: words[slot + shownOffset] ?? 0,
  };
}
