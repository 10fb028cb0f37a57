import { beforeEach, describe, expect, it } from 'vitest';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { PastQuote } from '../domain/past-quote.ts';
import { books, follow, level, traded } from '../testing/events.ts';
import { createMarketView, type MarketView } from './market-view.ts';
import { type QuoteSampler, sampleQuotes } from './quote-sampler.ts';

let view: MarketView;
let sampler: QuoteSampler;
let sequence: number;
let machineMs: number;
beforeEach(() => {
  view = createMarketView({ onListed: () => {} });
  [sequence, machineMs] = [10, 0];
  view.rebuild(0, books(sequence, ['A', 'B']));
  sampler = sampleQuotes(view, () => machineMs);
});

/** Applies events at a time of the market, as one message. */
function at(timeMs: number, ...events: Parameters<typeof follow>[1]): void {
  const timed = events.map((event) => ({ ...event, timeMs: BigInt(timeMs) }));
  view.apply(0, follow(sequence + 1, timed));
  sequence += events.length;
}
const bid = (price: number, lots: number, symbol = 'A') => level(symbol, Side.BUY, price, lots);
const ask = (price: number, lots: number, symbol = 'A') => level(symbol, Side.SELL, price, lots);
const side = (best: PastQuote['bid']) => (best === undefined ? '-' : `${best.quantityLots} x ${best.priceTicks}`);
const taken = (nowMs: number) =>
  sampler.take(nowMs).map((quote) => `${quote.symbol} ${quote.timeMs} ${side(quote.bid)} / ${side(quote.ask)}`);

describe('sampleQuotes', () => {
  it('notes the last of each second in which a best price or its lots changed', () => {
    at(1_100, bid(50, 1));
    at(1_200, ask(52, 1));
    at(1_900, bid(51, 3));
    expect(taken(1_950)).toEqual([]);
    at(2_000, bid(51, 2));
    at(4_500, ask(52, 0), bid(51, 0), bid(50, 0));
    expect(taken(4_900)).toEqual(['A 1900 3 x 51 / 1 x 52', 'A 2000 2 x 51 / 1 x 52']);
    expect(taken(5_000)).toEqual(['A 4500 - / -']);
    expect(taken(9_000)).toEqual([]);
  });

  it('does not note what leaves the best prices as they are', () => {
    at(1_100, bid(50, 1, 'B'), ask(60, 1, 'B'));
    expect(taken(2_000)).toEqual(['B 1100 1 x 50 / 1 x 60']);
    at(3_000, bid(49, 9, 'B'), traded('B', 55, 1));
    at(4_000, bid(50, 7, 'B'), bid(50, 1, 'B'));
    expect(taken(5_000)).toEqual([]);
  });

  it('gives a quote that has settled also while the clock stands still, and again when it changes in that second', () => {
    at(1_100, bid(50, 1));
    expect(taken(1_100)).toEqual([]);
    machineMs += 1_000;
    expect(taken(1_100)).toEqual(['A 1100 1 x 50 / -']);
    at(1_100, bid(50, 2));
    machineMs += 1_000;
    expect(taken(1_100)).toEqual(['A 1100 2 x 50 / -']);
  });

  it('remembers the newest where it is not asked for long', () => {
    for (let second = 1; second <= 20_000; second += 1) at(second * 1_000, bid(50, second));
    const all = sampler.take(30_000_000);
    expect(all.length).toBeLessThanOrEqual(10_001);
    expect(all.length).toBeGreaterThanOrEqual(5_000);
    expect(all.at(-1)?.timeMs).toBe(20_000_000);
  });
});
