/** Auctions: one price for all crossing orders, then the trades at it (R23). */
import { none } from '../model/codes.ts';
import { highWord } from '../model/columns.ts';
import { EventKind } from '../model/event-buffer.ts';
import type { Book } from './book.ts';
import { releaseOrder } from './finish.ts';
import { headOffset, levelPriceOffset } from './level-table.ts';
import { listTraded } from './lists.ts';
import { emitTrade } from './matching.ts';
import type { MatchingState } from './matching-state.ts';
import { extraOffset, groupOffset, keyOffset, nextOffset, openOffset, priorityOf } from './order-table.ts';
import type { PriceLadder } from './price-ladder.ts';
import { leaveQueue, setShown, shownOf } from './queues.ts';
import { preventSelfTrade } from './self-trade.ts';

/** Uncrosses a book until it is no longer crossed; each round trades or cancels at least once. */
export function uncross(state: MatchingState, book: Book): void {
  while (isCrossed(state, book)) {
    const { price, lots } = auctionPrice(state, book);
    const at = state.events.begin(EventKind.UNCROSSED, book.number, state.command);
    state.events.words[at + 3] = price;
    state.events.words[at + 4] = lots | 0;
    state.events.words[at + 5] = highWord(lots);
    tradeAt(state, book, price);
  }
}

/** Whether the best bid is at or above the best ask. */
export function isCrossed({ levels }: MatchingState, { bids, asks }: Book): boolean {
  if (bids.bestKey === none || asks.bestKey === none) return false;
  return levels.words[bids.bestLevel + levelPriceOffset]! >= levels.words[asks.bestLevel + levelPriceOffset]!;
}

/** A limit, and the lots of a side at it. */
type Step = { price: number; lots: number };

/** The prices from `low` to `high`. */
type Prices = { low: number; high: number };

/** Prices of one volume and one imbalance; a surplus is what is bid less what is asked, and never grows with the price. */
type Range = Prices & { lots: number; imbalance: number; surplusAtLow: number; surplusAtHigh: number };

/** The price of a crossed book and the lots that would trade at it. */
function auctionPrice(state: MatchingState, book: Book): Step {
  const bids = steps(state, book.bids, state.levels.words[book.asks.bestLevel + levelPriceOffset]!).reverse();
  const asks = steps(state, book.asks, state.levels.words[book.bids.bestLevel + levelPriceOffset]!);
  const best = bestRange(bids, asks);
  return { price: priceWithin(best, book.reference, state.ruleVersion), lots: best.lots };
}

/** The prices of the greatest volume, then of the least imbalance. They have no others between them. */
function bestRange(bids: readonly Step[], asks: readonly Step[]): Range {
  let demand = bids.reduce((lots, step) => lots + step.lots, 0);
  let [supply, nextBid, nextAsk] = [0, 0, 0];
  let best: Range = { low: 0, high: 0, lots: -1, imbalance: 0, surplusAtLow: 0, surplusAtHigh: 0 };
  for (const { low, high } of pricesOf(bids, asks)) {
    for (; nextAsk < asks.length && asks[nextAsk]!.price <= low; nextAsk++) supply += asks[nextAsk]!.lots;
    for (; nextBid < bids.length && bids[nextBid]!.price < low; nextBid++) demand -= bids[nextBid]!.lots;
    const [lots, surplus] = [Math.min(demand, supply), demand - supply];
    const found = { low, high, lots, imbalance: Math.abs(surplus), surplusAtLow: surplus, surplusAtHigh: surplus };
    if (isBetter(found, best)) best = found;
    else if (!isBetter(best, found)) best = { ...best, high, surplusAtHigh: surplus };
  }
  return best;
}

/** The limits that cross, and the ticks between two of them, at which the same lots are bid and asked. Ascending. */
function pricesOf(bids: readonly Step[], asks: readonly Step[]): Prices[] {
  const limits = [...new Set([...bids, ...asks].map(({ price }) => price))].sort((a, b) => a - b);
  return limits.flatMap((price, i) => {
    const [limit, next] = [{ low: price, high: price }, limits[i + 1] ?? price];
    return next > price + 1 ? [limit, { low: price + 1, high: next - 1 }] : [limit];
  });
}

function isBetter(a: Range, b: Range): boolean {
  if (a.lots !== b.lots) return a.lots > b.lots;
  return a.imbalance < b.imbalance;
}

/** Which of equal prices it is: up to rule version 2 the one nearest the reference, the lowest where there is none. */
function priceWithin({ low, high, ...range }: Range, reference: number, ruleVersion: number): number {
  if (ruleVersion >= 3) {
    if (range.surplusAtHigh > 0) return high;
    if (range.surplusAtLow < 0) return low;
    if (reference === 0) return Math.floor((low + high) / 2);
  }
  return Math.min(Math.max(reference, low), high);
}

/** The open lots at each price of a side that reaches `until`, best first. */
function steps({ orders, levels }: MatchingState, ladder: PriceLadder, until: number): Step[] {
  const found: Step[] = [];
  const last = ladder.keyOf(until);
  for (let key = ladder.bestKey; key >= last && key !== none; key = ladder.below(key)) {
    let lots = 0;
    const first = levels.words[ladder.find(key) + headOffset]!;
    for (let slot = first; slot !== none; slot = orders.words[slot + nextOffset]!)
      lots += orders.words[slot + openOffset]!;
    found.push({ price: ladder.priceOf(key), lots });
  }
  return found;
}

function tradeAt(state: MatchingState, book: Book, price: number): void {
  const { orders, levels } = state;
  const { bids, asks } = book;
  while (bids.bestKey !== none && asks.bestKey !== none) {
    if (bids.bestKey < bids.keyOf(price) || asks.bestKey < asks.keyOf(price)) return;
    const bid = levels.words[bids.bestLevel + headOffset]!;
    const ask = levels.words[asks.bestLevel + headOffset]!;
    const bidFirst = priorityOf(orders.words, bid) < priorityOf(orders.words, ask);
    const [maker, taker] = bidFirst ? [bid, ask] : [ask, bid];
    if (orders.words[bid + groupOffset] === orders.words[ask + groupOffset]) preventSelfTrade(state, maker, taker);
    else tradeResting(state, book, maker, taker, price);
  }
}

function tradeResting(state: MatchingState, book: Book, maker: number, taker: number, price: number): void {
  const { words } = state.orders;
  const lots = Math.min(words[maker + openOffset]!, words[taker + openOffset]!);
  const keys = [words[maker + keyOffset], words[taker + keyOffset]];
  emitTrade(state, book, maker, taker, price, lots, 1);
  for (const slot of [maker, taker]) fill(state, slot, lots);
  for (const slot of [maker, taker]) if (words[slot + extraOffset] !== none) listTraded(state, slot, lots);
  for (const [i, slot] of [maker, taker].entries()) {
    if (words[slot + openOffset] === 0 && words[slot + keyOffset] === keys[i]) releaseOrder(state, slot);
  }
}

/** Takes lots from a resting order; the remainder shows a slice again, with its priority. */
function fill(state: MatchingState, slot: number, lots: number): void {
  const { words } = state.orders;
  words[slot + openOffset]! -= lots;
  if (words[slot + openOffset] === 0) leaveQueue(state, slot);
  else setShown(state, slot, shownOf(state, slot));
}
