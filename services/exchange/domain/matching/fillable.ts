import type { Side } from '../codes.ts';
import { NONE, SelfTrade } from '../codes.ts';
import type { Book } from './book.ts';
import { LIST, ROLE } from './extra-table.ts';
import { otherExit } from './finish.ts';
import { HEAD, LEVEL_PRICE } from './level-table.ts';
import type { MatchingState } from './matching-state.ts';
import { EXTRA, FLAGS, GROUP, NEXT, OPEN, PRICE, placeOf } from './order-table.ts';
import { isResting } from './queues.ts';

/** An order that may want to trade. */
export type Wish = { side: Side; priceTicks: number; group: number; selfTrade: number };

/**
 * Whether `lots` would trade at once, self-trade prevention included: orders of the own group are passed over where they would be
 * cancelled, and end the search in every other mode, because the arriving order would lose lots to them.
 */
export function isFillable(state: MatchingState, book: Book, wish: Wish, lots: number): boolean {
  const { orders, levels } = state;
  const ladder = book.opposite(wish.side);
  const limit = ladder.keyOf(wish.priceTicks);
  let missing = lots;
  for (let key = ladder.bestKey; key >= limit && key !== NONE; key = ladder.below(key)) {
    const level = ladder.find(key);
    const price = levels.words[level + LEVEL_PRICE]!;
    if (price < book.breakerLow || price > book.breakerHigh) return false;
    for (let maker = levels.words[level + HEAD]!; maker !== NONE; maker = orders.words[maker + NEXT]!) {
      if (orders.words[maker + GROUP] !== wish.group) missing -= lotsOf(state, maker);
      else if (wish.selfTrade !== SelfTrade.CANCEL_OLDEST) return false;
      if (missing <= 0) return true;
    }
  }
  return false;
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
