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

/** Whether an order would trade as a whole at once: all its lots, or all of its value that buys a lot (R5, R36). */
export function tradesWhole(book: ReferenceBook, taker: ReferenceOrder): boolean {
  return taker.valueMax === 0 ? tradableLots(book, taker) >= taker.openLots : spendsItsValue(book, taker);
}

// The first order of its own group ends the count, in every mode.
function spendsItsValue(book: ReferenceBook, taker: ReferenceOrder): boolean {
  const { side, priceTicks: limit, group, openLots, valueMax } = taker;
  const makers = restingOrders(book, otherSide(side)).filter(({ priceTicks }) => reaches(side, limit, priceTicks));
  const ownLevel = makers.find((maker) => maker.group === group)?.priceTicks;
  let [lots, left, { breakerPrice }] = [0, BigInt(valueMax), book];
  for (const [i, maker] of makers.entries()) {
    const price = BigInt(maker.priceTicks);
    if (left < price) return lots > 0;
    if (maker.group === group || trips(book, breakerPrice, maker.priceTicks)) return false;
    breakerPrice ||= maker.priceTicks;
    const own = maker.priceTicks === ownLevel ? shownLots(maker) : maker.openLots;
    const free = own - lotsOfFirstExit(makers.slice(0, i), maker, own);
    const taken = Math.min(free, openLots - lots, Number(left / price));
    lots += taken;
    left -= BigInt(taken) * price;
    if (lots === openLots || left < price) return true;
  }
  return false;
}

// Of two exits of one list the second counts only with its excess over the first, whose fills reduce it.
function lotsOfFirstExit(before: ReferenceOrder[], exit: ReferenceOrder, own: number): number {
  const { list } = exit;
  if (!list || exit === list.entry) return 0;
  const first = before.find((maker) => maker !== exit && list.exits.includes(maker));
  return first ? Math.min(first.openLots, own) : 0;
}
