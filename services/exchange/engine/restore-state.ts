/** Restores an engine's state from the records of a snapshot: books, names, sessions and lists, then orders, then commands. */

import { openBook } from './execute/list.ts';
import type { Book } from './matching/book.ts';
import {
  acceptanceHighOffset,
  acceptanceLowOffset,
  extraWords,
  listOffset,
  roleOffset,
  sessionOffset,
} from './matching/extra-table.ts';
import { levelPriceOffset, orderCountOffset, Queue } from './matching/level-table.ts';
import { entryTradedOffset } from './matching/list-table.ts';
import {
  accountOffset,
  bookOffset,
  extraOffset,
  flagsOffset,
  groupOffset,
  levelOffset,
  openOffset,
  priceOffset,
  priorityOf,
  quantityOffset,
  revisionOffset,
  setPriority,
  shownOffset,
  typeOf,
} from './matching/order-table.ts';
import { joinLadder, joinQueue } from './matching/queues.ts';
import { beginTrailing } from './matching/trailing-stops.ts';
import { none, OrderStatus, OrderType, type TradingState } from './model/codes.ts';
import { highWord } from './model/columns.ts';
import { levelChecksum } from './model/level-checksum.ts';
import type { EngineState } from './state/engine-state.ts';
import { hashTouched } from './state/state-hash.ts';
import type { BookImage } from './state-image.ts';

/** Restores the next book. */
export function restoreBook(state: EngineState, image: BookImage): void {
  const book = openBook(state, image.listing);
  book.state = image.state as TradingState;
  book.lastPrice = image.lastPrice;
  book.listingReference = image.listingReference;
  book.timerTimeMs = image.timerTimeMs;
  book.setBreaker(image.breakerReference);
}

/** The part of an order that live and final orders have. */
export type RestoredRecord = {
  status: OrderStatus;
  side: number;
  book: number;
  accountId: string;
  group: string;
  bodyLow: number;
  bodyHigh: number;
  revision: number;
  /** For a final order. */
  finalSequence: number;
  finalTimeMs: number;
  answers: readonly number[];
  answerSequence: number;
  /** 0 where the snapshot does not hold them. */
  answerValue: bigint;
  answerTimeMs: number;
};

/**
 * Adds the order whose UUID is in `state.uuid` and returns its key. Final orders must be added in the order in which they ended. Throws
 * RangeError if the order is inconsistent with the state.
 */
export function restoreRecord(state: EngineState, order: RestoredRecord): number {
  const { records, names } = state;
  const { status, book } = order;
  if (book >= state.books.length) throw new RangeError('an order is of a book that is not listed');
  if (book < none || (book === none && status === OrderStatus.LIVE)) throw new RangeError('a live order has no book');
  if (status === OrderStatus.FREE || status > OrderStatus.VOIDED) throw new RangeError('an order has no such status');
  if (records.index.find(state.uuid) >= 0) throw new RangeError('an order is there twice');
  const key = records.allocate(state.uuid);
  records.status[key] = status;
  records.side[key] = order.side;
  records.book[key] = book;
  records.account[key] = names.acquire(order.accountId);
  records.group[key] = names.acquire(order.group);
  records.bodyLow[key] = order.bodyLow;
  records.bodyHigh[key] = order.bodyHigh;
  records.revision[key] = order.revision;
  records.answers.set(order.answers, key * 6);
  records.answerSequence[key] = order.answerSequence;
  records.answerValue[key] = order.answerValue;
  records.answerTimeMs[key] = order.answerTimeMs;
  if (status !== OrderStatus.LIVE) records.finish(key, status, order.finalTimeMs, order.finalSequence);
  return key;
}

/** The part of an order that only live orders have. */
export type RestoredOrder = {
  price: number;
  open: number;
  shown: number;
  flags: number;
  quantity: number;
  priority: number;
  queue: number;
  extra?: RestoredExtra;
};

/** The terms that plain limit orders do not have. */
export type RestoredExtra = {
  /** Words before `listOffset`. */
  terms: readonly number[];
  /** The list's number from `restoreList`, or `none`. */
  list: number;
  role: number;
  session: number;
  acceptance: number;
  expireTimeMs: number;
};

/** Adds the live order of a record; `restoreQueues` puts it into its queue. */
export function restoreOrder(state: EngineState, key: number, order: RestoredOrder): void {
  const { records, matching } = state;
  const { orders } = matching.state;
  const slot = orders.allocate(key);
  const { words } = orders;
  if (order.queue > Queue.INACTIVE) throw new RangeError('an order is in no queue');
  words[slot + priceOffset] = order.price;
  words[slot + openOffset] = order.open;
  words[slot + shownOffset] = order.shown;
  words[slot + levelOffset] = order.queue;
  words[slot + groupOffset] = records.group[key]!;
  words[slot + accountOffset] = records.account[key]!;
  words[slot + flagsOffset] = order.flags;
  words[slot + quantityOffset] = order.quantity;
  words[slot + revisionOffset] = records.revision[key]!;
  words[slot + bookOffset] = records.book[key]!;
  words[slot + extraOffset] = order.extra === undefined ? none : restoreExtra(state, slot, order.extra);
  setPriority(words, slot, order.priority);
  if (order.extra !== undefined && order.extra.expireTimeMs > 0) matching.state.expiries.add(slot);
}

/** Adds a list and returns its number. */
export function restoreList(state: EngineState, idLow: number, idHigh: number, entryTraded: number): number {
  const { lists } = state.matching.state;
  const list = lists.allocate(idLow, idHigh);
  lists.words[list + entryTradedOffset] = entryTraded;
  return list;
}

/** Adds the restored live orders to their queues, in order of time priority. */
export function restoreQueues(state: EngineState): void {
  const matching = state.matching.state;
  const { words } = matching.orders;
  const live: number[] = [];
  for (let key = 0; key < state.records.used; key++) {
    const slot = matching.orders.find(key);
    if (slot !== none) live.push(slot);
  }
  live.sort((a, b) => priorityOf(words, a) - priorityOf(words, b));
  for (const slot of live) restoreQueue(state, slot);
  matching.changes.discard();
  for (const book of state.books) state.checksums[book.number] = checksumOf(state, book);
}

/** Adds the orders restored so far to the state's hash. */
export function hashRestored(state: EngineState): void {
  hashTouched(state);
}

function restoreExtra({ matching }: EngineState, slot: number, restored: RestoredExtra): number {
  const { extras, lists } = matching.state;
  const extra = extras.allocate();
  extras.words.set(restored.terms, extra);
  extras.words[extra + listOffset] = restored.list;
  extras.words[extra + roleOffset] = restored.role;
  extras.words[extra + sessionOffset] = restored.session;
  extras.words[extra + acceptanceLowOffset] = restored.acceptance | 0;
  extras.words[extra + acceptanceHighOffset] = highWord(restored.acceptance);
  extras.expireTimeMs[extra / extraWords] = restored.expireTimeMs;
  if (restored.list !== none) lists.words[restored.list + restored.role] = slot;
  return extra;
}

function restoreQueue(state: EngineState, slot: number): void {
  const matching = state.matching.state;
  const { words } = matching.orders;
  const book = state.books[words[slot + bookOffset]!]!;
  const queue = words[slot + levelOffset]! as Queue;
  const extra = words[slot + extraOffset]!;
  if (queue > Queue.SELL_STOPS) {
    joinQueue(matching, book, queue, slot);
    return;
  }
  const isWaiting = queue >= Queue.BUY_STOPS;
  const price = isWaiting ? matching.extras.words[extra]! : words[slot + priceOffset]!;
  if (isWaiting && typeOf(words[slot + flagsOffset]!) === OrderType.TRAILING_STOP) beginTrailing(matching, book, slot);
  joinLadder(matching, book, queue, price, slot);
}

function checksumOf({ matching }: EngineState, book: Book): number {
  const { levels } = matching.state;
  let checksum = 0;
  for (const [ladder, side] of [[book.bids, 1] as const, [book.asks, 2] as const]) {
    for (let key = ladder.bestKey; key !== none; key = ladder.below(key)) {
      const level = ladder.find(key);
      const [price, orders] = [levels.words[level + levelPriceOffset]!, levels.words[level + orderCountOffset]!];
      checksum = (checksum + levelChecksum(side, price, levels.lotsOf(level), orders)) | 0;
    }
  }
  return checksum;
}
