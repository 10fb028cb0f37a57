import { SelfTrade, TradingState } from '../../engine/model/codes.ts';
import { otherSide, reaches, restingOrders, shownLots, trips } from './reference-book.ts';
import type { ReferenceBook, ReferenceOrder } from './reference-state.ts';

/**
 * Lots that an order of unlimited quantity would trade at once (R5). Makers are counted in the order in which they would trade, until one
 * is of the order's own group (in every mode but cancel-oldest) or at a price that would trip the breaker.
 */
export function tradableLots(book: ReferenceBook, taker: ReferenceOrder): number {
  if (book.state !== TradingState.CONTINUOUS) return 0;
  const makers = makersBeforeTheEnd(book, taker);
  const ownLevel = makers.end?.priceTicks;
  let lots = 0;
  for (const [i, maker] of makers.usable.entries()) {
    // Later slices of an iceberg are behind the order that ends the count.
    const own = maker.priceTicks === ownLevel ? shownLots(maker) : maker.openLots;
    lots += own - lotsOfFirstExit(makers.usable.slice(0, i), maker, own);
  }
  return lots;
}

function makersBeforeTheEnd(
  book: ReferenceBook,
  taker: ReferenceOrder,
): { usable: ReferenceOrder[]; end: ReferenceOrder | undefined } {
  const usable: ReferenceOrder[] = [];
  let { breakerPrice } = book;
  for (const maker of restingOrders(book, otherSide(taker.side))) {
    if (!reaches(taker.side, taker.priceTicks, maker.priceTicks)) break;
    if (maker.group === taker.group) {
      if (taker.selfTrade !== SelfTrade.CANCEL_OLDEST) return { usable, end: maker };
      continue;
    }
    if (trips(book, breakerPrice, maker.priceTicks)) break;
    breakerPrice ||= maker.priceTicks;
    usable.push(maker);
  }
  return { usable, end: undefined };
}

// Of two exits of one list the second counts only with its excess over the first, whose fills reduce it.
function lotsOfFirstExit(before: ReferenceOrder[], exit: ReferenceOrder, own: number): number {
  const { list } = exit;
  if (!list || exit === list.entry) return 0;
  const first = before.find((maker) => maker !== exit && list.exits.includes(maker));
  return first ? Math.min(first.openLots, own) : 0;
}
