/** The auction (R23): one price for all, found by trying every candidate. */
import { Side } from '../../engine/model/codes.ts';
import { bestOrder, referencePrice, restingOrders } from './reference-book.ts';
import { preventSelfTrade, trade } from './reference-matching.ts';
import type { ReferenceBook, ReferenceOrder, ReferenceState } from './reference-state.ts';

/** Uncrosses a book until it is no longer crossed. */
export function uncross(state: ReferenceState, book: ReferenceBook): void {
  for (;;) {
    const [bid, ask] = [bestOrder(book, Side.BUY), bestOrder(book, Side.SELL)];
    if (!bid || !ask || bid.priceTicks < ask.priceTicks) return;
    const { priceTicks, quantityLots } = auctionPrice(book);
    state.events.push({ kind: 'uncrossed', symbol: book.listing.symbol, priceTicks, quantityLots });
    tradeAt(state, book, priceTicks);
  }
}

function tradeAt(state: ReferenceState, book: ReferenceBook, priceTicks: number): void {
  for (;;) {
    const [bid, ask] = [bestOrder(book, Side.BUY), bestOrder(book, Side.SELL)];
    if (!bid || !ask || bid.priceTicks < priceTicks || ask.priceTicks > priceTicks) return;
    const [maker, taker] = bid.priority < ask.priority ? [bid, ask] : [ask, bid];
    if (maker.group === taker.group) {
      preventSelfTrade(state, maker, taker);
      continue;
    }
    const quantityLots = Math.min(bid.openLots, ask.openLots);
    trade(state, book, { maker, taker }, { priceTicks, quantityLots, auction: true });
    for (const order of [bid, ask]) order.sliceLots = Math.min(order.displayLots, order.openLots);
  }
}

type Candidate = { priceTicks: number; quantityLots: number; imbalance: number; distance: number };

function auctionPrice(book: ReferenceBook): Candidate {
  const bids = restingOrders(book, Side.BUY);
  const asks = restingOrders(book, Side.SELL);
  const reference = referencePrice(book);
  const sum = (orders: ReferenceOrder[]) => orders.reduce((lots, { openLots }) => lots + openLots, 0);
  const candidates = candidatePrices([...bids, ...asks], reference).map((priceTicks) => {
    const bid = sum(bids.filter((order) => order.priceTicks >= priceTicks));
    const asked = sum(asks.filter((order) => order.priceTicks <= priceTicks));
    const distance = Math.abs(priceTicks - reference);
    return { priceTicks, quantityLots: Math.min(bid, asked), imbalance: Math.abs(bid - asked), distance };
  });
  candidates.sort(
    (a, b) =>
      b.quantityLots - a.quantityLots ||
      a.imbalance - b.imbalance ||
      a.distance - b.distance ||
      b.priceTicks - a.priceTicks,
  );
  return candidates[0] as Candidate;
}

// Between two neighbouring limits all ticks have the same volume and imbalance: the one nearest the reference stands for them.
function candidatePrices(orders: ReferenceOrder[], reference: number): number[] {
  const limits = [...new Set(orders.map(({ priceTicks }) => priceTicks))].sort((a, b) => a - b);
  const between = limits.slice(1).flatMap((above, i) => {
    const below = limits[i] as number;
    return above - below > 1 ? [Math.min(above - 1, Math.max(below + 1, reference))] : [];
  });
  return [...limits, ...between];
}
