import { NONE, SelfTrade, type Side } from '../codes.ts';
import type { Book } from './book.ts';
import { LIST, ROLE } from './extra-table.ts';
import { otherExit } from './finish.ts';
import { HEAD, LEVEL_PRICE } from './level-table.ts';
import type { MatchingState } from './matching-state.ts';
import { EXTRA, FLAGS, GROUP, NEXT, OPEN, PRICE, placeOf, SHOWN, selfTradeOf, sideOf } from './order-table.ts';
import { isResting } from './queues.ts';

/** An order that may want to trade. */
export type Wish = { side: Side; priceTicks: number; group: number; selfTrade: number };

/**
 * Whether `lots` would trade at once, self-trade prevention included: orders of the own group are passed over where they would be
 * cancelled, and end the search in every other mode, because the arriving order would lose lots to them. At the price of such an
 * order icebergs before it give their slices only: their next ones come behind it.
 */
export function isFillable(state: MatchingState, book: Book, wish: Wish, lots: number): boolean {
  const { orders, levels } = state;
  const { words } = orders;
  const ladder = book.opposite(wish.side);
  const limit = ladder.keyOf(wish.priceTicks);
  let breaker = book.breakerReference === 0 ? undefined : book.breaker;
  let missing = lots;
  for (let key = ladder.bestKey; key >= limit && key !== NONE; key = ladder.below(key)) {
    const level = ladder.find(key);
    const price = levels.words[level + LEVEL_PRICE]!;
    let [open, shown] = [0, 0];
    for (let maker = levels.words[level + HEAD]!; maker !== NONE; maker = words[maker + NEXT]!) {
      if (words[maker + GROUP] === wish.group) {
        if (wish.selfTrade !== SelfTrade.CANCEL_OLDEST) return shown >= missing;
        continue;
      }
      breaker ??= book.breakerAround(price);
      if (price < breaker.low || price > breaker.high) return false;
      const free = lotsOf(state, maker);
      open += free;
      shown += Math.min(free, words[maker + SHOWN]!);
      if (shown >= missing) return true;
    }
    if (open >= missing) return true;
    missing -= open;
  }
  return false;
}

/** Whether an order that is in no queue would trade whole at once. */
export function fillsWhole(state: MatchingState, book: Book, slot: number): boolean {
  const { words } = state.orders;
  const flags = words[slot + FLAGS]!;
  const terms = { side: sideOf(flags) as Side, priceTicks: words[slot + PRICE]!, group: words[slot + GROUP]! };
  return isFillable(state, book, { ...terms, selfTrade: selfTradeOf(flags) }, words[slot + OPEN]!);
}

/** The open lots of a maker; of the second of two exits only what it has more than the first, which would take the rest away. */
function lotsOf(state: MatchingState, maker: number): number {
  const { words } = state.orders;
  const open = words[maker + OPEN]!;
  const extra = words[maker + EXTRA]!;
  if (extra === NONE) return open;
  const list = state.extras.words[extra + LIST]!;
  const role = state.extras.words[extra + ROLE]!;
  if (list === NONE || role === 0) return open;
  const other = state.lists.words[list + otherExit(role)]!;
  if (other === NONE || !isResting(state, other) || !isFirst(state, other, maker)) return open;
  return Math.max(0, open - words[other + OPEN]!);
}

/** Whether one order of a side comes before another. */
function isFirst({ orders }: MatchingState, a: number, b: number): boolean {
  const { words } = orders;
  if (words[a + PRICE] === words[b + PRICE]) return placeOf(words, a) < placeOf(words, b);
  const isBid = (words[a + FLAGS]! & 3) === 1;
  return isBid === words[a + PRICE]! > words[b + PRICE]!;
}
