import type { Book } from '../../engine/matching/book.ts';
import { displayOffset, listOffset, roleOffset, stopOffset } from '../../engine/matching/extra-table.ts';
import { headOffset, ownerOffset, Queue, queueOf, readLevel } from '../../engine/matching/level-table.ts';
import {
  extraOffset,
  flagsOffset,
  keyOffset,
  levelOffset,
  nextOffset,
  openOffset,
  previousOffset,
  priceOffset,
  priorityOf,
  quantityOffset,
  shownOffset,
  sideOf,
  typeOf,
} from '../../engine/matching/order-table.ts';
import type { PriceLadder } from '../../engine/matching/price-ladder.ts';
import { none, OrderStatus, OrderType, Side, TradingState } from '../../engine/model/codes.ts';
import { levelChecksum } from '../../engine/model/level-checksum.ts';
import type { EngineState } from '../../engine/state/engine-state.ts';

/**
 * Throws when the engine's state is inconsistent: a book that is crossed in continuous trading, wrong sums or counts, reachable dead
 * orders, priorities out of order, orders in the wrong queue, exits of different quantities, a wrong checksum of a book.
 */
export function checkState(state: EngineState): void {
  const seen = new Set<number>();
  for (const book of state.books) checkBook(state, book, seen);
  const { orders, lists } = state.matching.state;
  if (seen.size !== orders.count) throw new Error(`${seen.size} orders are in queues, ${orders.count} are live`);
  if (lists.queue.length > 0) throw new Error('exits wait to grow after the end of a command');
  let live = 0;
  for (let key = 0; key < state.records.used; key++) {
    const slot = orders.find(key);
    const isLive = state.records.status[key] === OrderStatus.LIVE;
    if (isLive !== (slot !== none)) throw new Error('a record and its order contradict each other');
    if (isLive) live++;
    if (slot !== none && orders.words[slot + keyOffset] !== key) throw new Error('an order has the key of another');
  }
  if (live !== orders.count) throw new Error('the count of live orders is wrong');
}

function checkBook(state: EngineState, book: Book, seen: Set<number>): void {
  const sums = [0, 1, 2, 3].map((queue) => checkLadder(state, book.ladders[queue]!, queue as Queue, seen));
  const [bids, asks] = sums as [Sum, Sum];
  const isOpen = book.state === TradingState.CONTINUOUS;
  if (isOpen && bids.best !== 0 && asks.best !== 0 && bids.best >= asks.best) {
    throw new Error(`${book.listing.symbol} is crossed: ${bids.best} >= ${asks.best}`);
  }
  if (((bids.checksum + asks.checksum) | 0) !== state.checksums[book.number]) throw new Error('a checksum is wrong');
  const { levels } = state.matching.state;
  for (const level of [book.atClose, book.inactive, book.elected]) {
    if (level !== none) checkQueue(state, level, queueOf(levels.words[level + ownerOffset]!), 0, seen);
  }
  if (book.elected !== none && levels.words[book.elected + headOffset] !== none)
    throw new Error('an elected stop was forgotten');
}

type Sum = { best: number; checksum: number };

function checkLadder(state: EngineState, ladder: PriceLadder, queue: Queue, seen: Set<number>): Sum {
  const { levels } = state.matching.state;
  let [count, checksum, last] = [0, 0, Number.POSITIVE_INFINITY];
  for (const level of ladder.levels()) {
    const { priceTicks, quantityLots, orderCount } = readLevel(levels, level);
    const key = ladder.keyOf(priceTicks);
    if (key >= last || ladder.find(key) !== level) throw new Error('levels are out of order');
    last = key;
    const lots = checkQueue(state, level, queue, priceTicks, seen);
    if (queue <= Queue.ASKS && lots !== quantityLots) throw new Error('the sum of a level is wrong');
    checksum = (checksum + levelChecksum(queue + 1, priceTicks, quantityLots, orderCount)) | 0;
    count++;
  }
  if (count !== ladder.count) throw new Error('the count of a ladder is wrong');
  const best = ladder.bestLevel === none ? 0 : readLevel(levels, ladder.bestLevel).priceTicks;
  return { best, checksum };
}

/** Checks a queue; returns the sum of its shown lots. */
function checkQueue(state: EngineState, level: number, queue: Queue, price: number, seen: Set<number>): number {
  const { orders, levels } = state.matching.state;
  const { words } = orders;
  let [lots, count, previous] = [0, 0, none as number];
  for (let slot = levels.words[level + headOffset]!; slot !== none; slot = words[slot + nextOffset]!) {
    if (words[slot + keyOffset] === none) throw new Error('a dead order is within reach');
    if (seen.has(slot)) throw new Error('an order is in two queues');
    seen.add(slot);
    if (words[slot + previousOffset] !== previous || words[slot + levelOffset] !== level)
      throw new Error('a link is broken');
    const ordered = queue <= Queue.ASKS || queue === Queue.AT_CLOSE;
    if (ordered && previous !== none && priorityOf(words, slot) <= priorityOf(words, previous)) {
      throw new Error('priority is out of order');
    }
    checkOrder(state, slot, queue, price);
    lots += words[slot + shownOffset]!;
    count++;
    previous = slot;
  }
  const expected = readLevel(levels, level).orderCount;
  if (count !== expected || (count === 0 && queue <= Queue.SELL_STOPS))
    throw new Error('the count of a level is wrong');
  return lots;
}

function checkOrder(state: EngineState, slot: number, queue: Queue, price: number): void {
  const { orders, extras, lists } = state.matching.state;
  const { words } = orders;
  const [open, quantity] = [words[slot + openOffset]!, words[slot + quantityOffset]!];
  const flags = words[slot + flagsOffset]!;
  const extra = words[slot + extraOffset]!;
  if (open > quantity || (open < 1 && queue !== Queue.INACTIVE)) throw new Error('the lots of an order are wrong');
  const side = queue === Queue.BIDS || queue === Queue.BUY_STOPS ? Side.BUY : Side.SELL;
  if (queue <= Queue.SELL_STOPS && sideOf(flags) !== side) throw new Error('an order is on the wrong side');
  if (queue <= Queue.ASKS) {
    const display = extra === none ? 0 : extras.words[extra + displayOffset]!;
    const most = display === 0 ? open : Math.min(display, open);
    if (words[slot + priceOffset] !== price) throw new Error('an order is in the wrong level');
    if (words[slot + shownOffset]! < 1 || words[slot + shownOffset]! > most) throw new Error('an order shows too much');
    if (display === 0 && words[slot + shownOffset] !== open) throw new Error('an order hides lots');
  } else if (queue <= Queue.SELL_STOPS) {
    const type = typeOf(flags);
    if (type === OrderType.LIMIT || type === OrderType.ICEBERG) throw new Error('an order waits that is no stop');
    if (extras.words[extra + stopOffset] !== price) throw new Error('a stop waits at the wrong price');
  }
  if (extra === none || extras.words[extra + listOffset] === none) return;
  const list = extras.words[extra + listOffset]!;
  if (lists.words[list + extras.words[extra + roleOffset]!] !== slot) throw new Error('a list does not know its order');
}
