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

type Step = { price: number; lots: number };
type Uncrossing = Step & { imbalance: number; distance: number };

/** The price of a crossed book and the lots that would trade at it. */
function auctionPrice(state: MatchingState, book: Book): Step {
  const bids = steps(state, book.bids, state.levels.words[book.asks.bestLevel + levelPriceOffset]!).reverse();
  const asks = steps(state, book.asks, state.levels.words[book.bids.bestLevel + levelPriceOffset]!);
  let demand = bids.reduce((lots, step) => lots + step.lots, 0);
  let [supply, nextBid, nextAsk] = [0, 0, 0];
  let best: Uncrossing = { price: 0, lots: -1, imbalance: 0, distance: 0 };
  for (const price of candidates(bids, asks, book.reference)) {
    for (; nextAsk < asks.length && asks[nextAsk]!.price <= price; nextAsk++) supply += asks[nextAsk]!.lots;
    for (; nextBid < bids.length && bids[nextBid]!.price < price; nextBid++) demand -= bids[nextBid]!.lots;
    const [imbalance, distance] = [Math.abs(demand - supply), Math.abs(price - book.reference)];
    const found = { price, lots: Math.min(demand, supply), imbalance, distance };
    if (isBetter(found, best)) best = found;
  }
  return best;
}

/** The limits that cross, and between two of them the price nearest the reference: nothing else can be the best one. Ascending. */
function candidates(bids: readonly Step[], asks: readonly Step[], reference: number): number[] {
  const limits = [...new Set([...bids, ...asks].map(({ price }) => price))].sort((a, b) => a - b);
  return limits.flatMap((price, i) => {
    const next = limits[i + 1];
    if (next === undefined || next === price + 1) return [price];
    return [price, Math.min(Math.max(reference, price + 1), next - 1)];
  });
}

function isBetter(a: Uncrossing, b: Uncrossing): boolean {
  if (a.lots !== b.lots) return a.lots > b.lots;
  if (a.imbalance !== b.imbalance) return a.imbalance < b.imbalance;
  if (a.distance !== b.distance) return a.distance < b.distance;
  return a.price > b.price;
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
