import { none, SelfTrade, type Side } from '../model/codes.ts';
import type { Book } from './book.ts';
import { listOffset, roleOffset } from './extra-table.ts';
import { otherExit } from './finish.ts';
import { headOffset, levelPriceOffset } from './level-table.ts';
import type { MatchingState } from './matching-state.ts';
import {
  extraOffset,
  flagsOffset,
  groupOffset,
  nextOffset,
  openOffset,
  priceOffset,
  priorityOf,
  selfTradeOf,
  shownOffset,
  sideOf,
} from './order-table.ts';
import { isResting } from './queues.ts';

/** The terms of an incoming order that decide which lots it can trade. */
export type IncomingOrder = {
  side: Side;
  priceTicks: number;
  group: number;
  selfTrade: number;
  /** Of an order by value; 0: none. */
  valueMax: number;
};

/**
 * Whether `lots` would trade at once, self-trade prevention included: orders of the same group are skipped if they would be cancelled, and
 * end the search in every other mode, because the incoming order would lose lots to them. At the price of such an order, icebergs before
 * it count with their slices only: their next slices are behind it. An order by value would trade if all of its value was spent, as far as it
 * buys a lot; any order of the same group ends its search.
 */
export function isFillable(state: MatchingState, book: Book, incoming: IncomingOrder, lots: number): boolean {
  const { orders, levels } = state;
  const { words } = orders;
  const ladder = book.opposite(incoming.side);
  const limit = ladder.keyOf(incoming.priceTicks);
  let breaker = book.breakerReference === 0 ? undefined : book.breaker;
  const { valueMax } = incoming;
  const skipsOwn = incoming.selfTrade === SelfTrade.CANCEL_OLDEST && valueMax === 0;
  let [missing, value] = [lots, valueMax];
  for (let key = ladder.bestKey; key >= limit && key !== none; key = ladder.below(key)) {
    const level = ladder.find(key);
    const price = levels.words[level + levelPriceOffset]!;
    const wanted = valueMax === 0 ? missing : Math.min(missing, Math.floor(value / price));
    if (wanted === 0) return missing < lots;
    let [open, shown] = [0, 0];
    for (let maker = levels.words[level + headOffset]!; maker !== none; maker = words[maker + nextOffset]!) {
      if (words[maker + groupOffset] === incoming.group) {
        if (!skipsOwn) return shown >= wanted;
        continue;
      }
      breaker ??= book.breakerAround(price);
      if (price < breaker.low || price > breaker.high) return false;
      const free = lotsOf(state, maker);
      open += free;
      shown += Math.min(free, words[maker + shownOffset]!);
      if (shown >= wanted) return true;
    }
    if (open >= wanted) return true;
    missing -= open;
    value -= open * price;
  }
  return false;
}

/** Whether an order that is in no queue would be filled at once. */
export function fillsWhole(state: MatchingState, book: Book, slot: number): boolean {
  const { words } = state.orders;
  const flags = words[slot + flagsOffset]!;
  const terms = {
    side: sideOf(flags) as Side,
    priceTicks: words[slot + priceOffset]!,
    group: words[slot + groupOffset]!,
  };
  return isFillable(state, book, { ...terms, selfTrade: selfTradeOf(flags), valueMax: 0 }, words[slot + openOffset]!);
}

/** The tradable lots of a maker; of the second of two exits only the excess over the first, whose fills reduce it. */
function lotsOf(state: MatchingState, maker: number): number {
  const { words } = state.orders;
  const open = words[maker + openOffset]!;
  const extra = words[maker + extraOffset]!;
  if (extra === none) return open;
  const list = state.extras.words[extra + listOffset]!;
  const role = state.extras.words[extra + roleOffset]!;
  if (list === none || role === 0) return open;
  const other = state.lists.words[list + otherExit(role)]!;
  if (other === none || !isResting(state, other) || !isFirst(state, other, maker)) return open;
  return Math.max(0, open - words[other + openOffset]!);
}

/** Whether one order of a side has priority over another. */
function isFirst({ orders }: MatchingState, a: number, b: number): boolean {
  const { words } = orders;
  if (words[a + priceOffset] === words[b + priceOffset]) return priorityOf(words, a) < priorityOf(words, b);
  const isBid = (words[a + flagsOffset]! & 3) === 1;
  return isBid === words[a + priceOffset]! > words[b + priceOffset]!;
}
