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

/** A price, the lots bid at it or higher less those asked at it or lower, and the smaller of the two. */
type Candidate = { priceTicks: number; quantityLots: number; surplus: number };

function auctionPrice(book: ReferenceBook): { priceTicks: number; quantityLots: number } {
  const bids = restingOrders(book, Side.BUY);
  const asks = restingOrders(book, Side.SELL);
  const sum = (orders: ReferenceOrder[]) => orders.reduce((lots, { openLots }) => lots + openLots, 0);
  const all = candidatePrices([...bids, ...asks]).map((priceTicks): Candidate => {
    const bid = sum(bids.filter((order) => order.priceTicks >= priceTicks));
    const asked = sum(asks.filter((order) => order.priceTicks <= priceTicks));
    return { priceTicks, quantityLots: Math.min(bid, asked), surplus: bid - asked };
  });
  const quantityLots = Math.max(...all.map((candidate) => candidate.quantityLots));
  const ofVolume = all.filter((candidate) => candidate.quantityLots === quantityLots);
  const imbalance = Math.min(...ofVolume.map(({ surplus }) => Math.abs(surplus)));
  const best = ofVolume.filter(({ surplus }) => Math.abs(surplus) === imbalance);
  return { priceTicks: chosenPrice(best, referencePrice(book)), quantityLots };
}

// Bids only end and asks only begin as the price grows: what lies between two of the best candidates is as good as they are.
function chosenPrice(best: readonly Candidate[], reference: number): number {
  const prices = best.map(({ priceTicks }) => priceTicks);
  const [lowest, highest] = [Math.min(...prices), Math.max(...prices)];
  if (best.every(({ surplus }) => surplus > 0)) return highest;
  if (best.every(({ surplus }) => surplus < 0)) return lowest;
  if (reference === 0) return lowest + Math.floor((highest - lowest) / 2);
  return Math.max(lowest, Math.min(highest, reference));
}

// Volume and imbalance change at limits alone: of the ticks between two of them the first and the last stand for all.
function candidatePrices(orders: readonly ReferenceOrder[]): number[] {
  const limits = [...new Set(orders.map(({ priceTicks }) => priceTicks))].sort((a, b) => a - b);
  const between = limits.slice(1).flatMap((above, i) => {
    const below = limits[i] as number;
    return above - below > 1 ? [below + 1, above - 1] : [];
  });
  return [...limits, ...between];
}
