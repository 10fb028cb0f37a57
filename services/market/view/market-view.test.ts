import { create } from '@bufbuild/protobuf';
import { type Timestamp, timestampMs } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { BookLevelSchema, GetBooksResponseSchema, StateCause } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { HaltCause } from '#gen/outcry/market/v1/market_pb.ts';
import { Side, TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { type Candle, candlesOf } from '../domain/candle.ts';
import { books, follow, level, listing, traded } from '../testing/events.ts';
import { bookChecksum } from './book-checksum.ts';
import { depthOf, quoteOf } from './book-messages.ts';
import type { TradeNews } from './listeners.ts';
import { createMarketView, FeedBrokenError, type MarketView } from './market-view.ts';
import type { SymbolView } from './symbol-view.ts';

function viewOf(...symbols: string[]): MarketView {
  const view = createMarketView({ onListed: () => {} });
  view.rebuild(0, books(10, symbols));
  return view;
}

function quote(view: MarketView, symbol: string) {
  return quoteOf(view.get(symbol) as SymbolView);
}

describe('createMarketView', () => {
  it('moves quotes and depth with the feed', () => {
    const view = viewOf('A', 'B');
    view.apply(
      0,
      follow(11, [level('A', Side.BUY, 99, 5), level('A', Side.SELL, 101, 2), level('A', Side.BUY, 98, 1)]),
    );
    view.apply(0, follow(14, [traded('A', 101, 2), level('A', Side.SELL, 101, 0)]));
    expect(quote(view, 'A')).toMatchObject({ bidPrice: '0.99', bidQuantity: '5', askPrice: '', lastPrice: '1.01' });
    expect(quote(view, 'A')).toMatchObject({ sequence: 15n, volume: '2', changePercent: '0.00' });
    expect(quote(view, 'B')).toMatchObject({ bidPrice: '', lastPrice: '', sequence: 10n });
    expect(depthOf(view.get('A') as SymbolView, 1)).toMatchObject({ bids: [{ price: '0.99' }], asks: [] });
  });

  it('has the checksum of the exchange, and throws when its copy of a book differs', () => {
    const view = createMarketView({ onListed: () => {} });
    const bid = { priceTicks: 100n, quantityLots: 5n, orderCount: 1 };
    const snapshot = books(0, ['A', 'B']);
    const checksum = bookChecksum([bid], []);
    for (const book of snapshot.books) Object.assign(book, { bids: [create(BookLevelSchema, bid)], checksum });
    view.rebuild(0, snapshot);
    const more = (symbol: string, sum: number) => {
      const value = { side: Side.SELL, priceTicks: 101n, quantityLots: 7n, orderCount: 2, bookChecksum: sum };
      return { symbol, timeMs: 1n, event: { case: 'levelChanged' as const, value } };
    };
    const ask = { priceTicks: 101n, quantityLots: 7n, orderCount: 2 };
    const sum = bookChecksum([bid], [ask]);
    view.apply(0, follow(1, [more('A', sum), more('B', 0)]));
    expect(depthOf(view.get('A') as SymbolView, 10)).toMatchObject({ bookChecksum: sum, complete: true });
    expect(depthOf(view.get('B') as SymbolView, 10)).toMatchObject({ bookChecksum: sum, complete: true });
    expect(depthOf(view.get('A') as SymbolView, 0)).toMatchObject({ bookChecksum: sum, complete: false });
    expect(() => view.apply(0, follow(3, [more('A', sum + 1)]))).toThrow(FeedBrokenError);
    // Levels were left out of the snapshot: the exchange's checksum goes on without being verified.
    snapshot.sequence = 3n;
    for (const book of snapshot.books) book.checksum = 7;
    view.rebuild(0, snapshot);
    view.apply(0, follow(4, [more('A', 9)]));
    expect(depthOf(view.get('A') as SymbolView, 10)).toMatchObject({ bookChecksum: 9, complete: false });
  });

  it('skips what it has already, and throws at a gap and at another epoch', () => {
    const view = viewOf('A');
    view.apply(0, follow(11, [traded('A', 100, 1), traded('A', 101, 1)]));
    view.apply(0, follow(11, [traded('A', 100, 1), traded('A', 101, 1), traded('A', 102, 1)]));
    expect(quote(view, 'A').volume).toBe('3');
    expect(() => view.apply(0, follow(15, [traded('A', 1, 1)]))).toThrow(FeedBrokenError);
    expect(() => view.apply(0, follow(14, [traded('A', 1, 1)], 'epoch-2'))).toThrow(FeedBrokenError);
    expect(view.head(0)).toMatchObject({ sequence: 13n });
  });

  it('opens books as they are listed and reports them', () => {
    const listed: string[] = [];
    const view = createMarketView({ onListed: (symbol) => listed.push(symbol) });
    view.rebuild(0, books(10, []));
    view.apply(
      0,
      follow(11, [{ symbol: 'C', event: { case: 'listed', value: { listing: { ...listing, symbol: 'C' } } } }]),
    );
    const state = TradingState.HALTED;
    view.apply(0, follow(12, [{ symbol: 'C', event: { case: 'stateChanged', value: { state } } }]));
    expect(listed).toEqual(['C']);
    expect(quote(view, 'C').state).toBe(state);
  });

  it('ignores triggers, slices and auctions, and divides the last price at a split', () => {
    const view = viewOf('A');
    const symbol = 'A';
    view.apply(
      0,
      follow(11, [
        { symbol, event: { case: 'uncrossed', value: { priceTicks: 7n, quantityLots: 3n } } },
        traded('A', 7, 3),
        { symbol, event: { case: 'triggered', value: { stopPriceTicks: 7n, lastPriceTicks: 7n } } },
        { symbol, event: { case: 'refreshed', value: { shownLots: 5n } } },
      ]),
    );
    expect(quote(view, 'A')).toMatchObject({ lastPrice: '0.07', sequence: 12n });
    const split = (numerator: number) => ({
      symbol,
      event: { case: 'split' as const, value: { numerator, denominator: 1 } },
    });
    view.apply(0, follow(15, [split(2)]));
    expect(quote(view, 'A')).toMatchObject({ lastPrice: '0.03', sequence: 15n });
    view.apply(0, follow(16, [split(10)]));
    expect(quote(view, 'A').lastPrice).toBe('0.01');
  });

  it('has the end of an auction until the state changes, and notifies of it once', () => {
    const view = viewOf('A');
    const news: string[] = [];
    view.listeners.add(['A'], { quoteChanged: (symbol) => news.push(symbol) });
    const change = (sequence: number, state: TradingState) => {
      view.apply(0, follow(sequence, [{ symbol: 'A', event: { case: 'stateChanged' as const, value: { state } } }]));
    };
    const endMs = () => Number(quote(view, 'A').auctionEndTime?.seconds) * 1_000;
    change(11, TradingState.OPENING_AUCTION);
    expect(endMs()).toBeNaN();
    view.setAuctionEnd('A', 5_000);
    view.setAuctionEnd('A', 5_000);
    view.setAuctionEnd('NONE', 5_000);
    expect([endMs(), news]).toEqual([5_000, ['A', 'A']]);
    change(12, TradingState.CONTINUOUS);
    expect(endMs()).toBeNaN();
  });

  it('has the cause of a halt and the times of the breaker, by the feed and by a snapshot, until a command or the timer ends it', () => {
    const view = createMarketView({ onListed: () => {} });
    const terms = { ...listing, symbol: 'A', breakerBps: 500, breakerHaltMs: 2_000, breakerAuctionMs: 3_000 };
    const book = { listing: terms, state: TradingState.CONTINUOUS };
    const snapshot = (sequence: number, state: TradingState, breakerDueTimeMs?: number) => {
      const due = breakerDueTimeMs === undefined ? {} : { breakerDueTimeMs: BigInt(breakerDueTimeMs) };
      const init = { sequence: BigInt(sequence), epoch: 'epoch-1', books: [{ ...book, state, ...due }] };
      view.rebuild(0, create(GetBooksResponseSchema, init));
    };
    const change = (sequence: number, state: TradingState, cause: StateCause) => {
      const event = { case: 'stateChanged' as const, value: { state, cause } };
      view.apply(0, follow(sequence, [{ symbol: 'A', timeMs: 10_000n, event }]));
    };
    const shown = () => {
      const { haltCause, auctionStartTime, resumeTime, auctionEndTime, state } = quote(view, 'A');
      const isReopening = state === TradingState.OPENING_AUCTION && haltCause === HaltCause.BREAKER;
      expect(auctionEndTime).toEqual(isReopening ? resumeTime : undefined);
      const ms = (time: Timestamp | undefined) => (time === undefined ? undefined : timestampMs(time));
      return [haltCause, ms(auctionStartTime), ms(resumeTime)];
    };
    const { HALTED, OPENING_AUCTION, CONTINUOUS, CLOSED } = TradingState;
    const byBreaker = [HaltCause.BREAKER, 12_000, 15_000];
    const none = [HaltCause.UNSPECIFIED, undefined, undefined];
    const byOperator = [HaltCause.OPERATOR, undefined, undefined];

    snapshot(10, CONTINUOUS, 0);
    expect(shown()).toEqual(none);
    change(11, HALTED, StateCause.BREAKER);
    expect(shown()).toEqual(byBreaker);
    change(12, OPENING_AUCTION, StateCause.TIMER);
    expect(shown()).toEqual(byBreaker);
    change(13, CONTINUOUS, StateCause.TIMER);
    expect(shown()).toEqual(none);
    snapshot(20, HALTED, 12_000);
    expect(shown()).toEqual(byBreaker);
    snapshot(21, OPENING_AUCTION, 15_000);
    expect(shown()).toEqual(byBreaker);
    change(22, CLOSED, StateCause.UNSPECIFIED);
    expect(shown()).toEqual(none);
    change(23, HALTED, StateCause.UNSPECIFIED);
    expect(shown()).toEqual(byOperator);
    snapshot(24, HALTED, 0);
    expect(shown()).toEqual(byOperator);
    // An earlier release of the exchange does not say.
    snapshot(25, HALTED);
    expect(shown()).toEqual(none);
  });

  it('notifies each listener once for a run of events, and makes a trade’s bytes once for all', () => {
    const view = viewOf('A', 'B');
    const notified: string[] = [];
    const news: TradeNews[][] = [[], []];
    for (const received of news) {
      view.listeners.add(['A'], {
        quoteChanged: (symbol) => notified.push(symbol),
        traded: (trade) => received.push(trade),
      });
    }
    view.apply(0, follow(11, [traded('A', 100, 1), traded('B', 7, 1), traded('A', 101, 1)]));
    expect(notified).toEqual(['A', 'A']);
    const [first, second] = news.map((received) => received.map((trade) => trade.encoded()));
    expect(first).toHaveLength(2);
    expect(first?.every((encoded, index) => encoded === second?.[index])).toBe(true);
  });

  it('adds trades that are not stored yet to the stored history, and counts none twice', () => {
    const view = viewOf('A');
    view.apply(0, follow(11, [traded('A', 100, 1), traded('A', 110, 2)]));
    const candle = {
      symbol: 'A',
      interval: '1m' as const,
      startMs: 60_000,
      open: 90n,
      high: 100n,
      low: 90n,
      close: 100n,
    };
    const written = { ...candle, volumeLots: 8n, tradeCount: 3n, turnover: 760n, pricedLots: 8n, sequence: 0n };
    const stored = { previousDay: undefined, lastTrade: undefined };
    const history = { symbol: 'A', referenceTicks: 88n, volumeLots: 40n, candles: [written], ...stored };
    view.applyHistory({ throughSequence: 11n, symbols: [history] });
    expect(quote(view, 'A')).toMatchObject({ volume: '42', referencePrice: '0.88', changePercent: '25.00' });
    const running = view.get('A')?.running.get('1m');
    expect(running).toMatchObject({ open: 90n, high: 110n, close: 110n, volumeLots: 10n, tradeCount: 4n });
    // The writer may be ahead of this replica.
    view.applyHistory({ throughSequence: 13n, symbols: [{ ...history, volumeLots: 45n, candles: [] }] });
    view.apply(0, follow(13, [traded('A', 111, 3), traded('A', 112, 1)]));
    expect(quote(view, 'A')).toMatchObject({ volume: '46', lastPrice: '1.12' });
  });

  it('has the candle of the day before, as stored and then as a further day begins', () => {
    const dayMs = 86_400_000;
    const view = viewOf('A');
    view.apply(0, follow(11, [traded('A', 100, 1, dayMs)]));
    expect(view.get('A')?.previousDay).toBeUndefined();
    view.apply(0, follow(12, [traded('A', 110, 2, dayMs + 1), traded('A', 120, 1, 3 * dayMs)]));
    expect(view.get('A')?.previousDay).toMatchObject({ startMs: dayMs, open: 100n, close: 110n, volumeLots: 3n });
    const [first] = candlesOf([{ symbol: 'A', sequence: 5n, timeMs: 7, priceTicks: 90n, quantityLots: 1n }]);
    const history = { symbol: 'A', referenceTicks: 88n, volumeLots: 0n, lastTrade: undefined };
    const previousDay = { ...(first as Candle), interval: '1d' as const };
    view.applyHistory({ throughSequence: 10n, symbols: [{ ...history, candles: [], previousDay }] });
    expect(view.get('A')?.previousDay).toMatchObject({ startMs: dayMs, close: 110n });
    view.applyHistory({ throughSequence: 13n, symbols: [{ ...history, candles: [], previousDay }] });
    expect(view.get('A')?.previousDay).toMatchObject({ close: 90n });
  });

  it('requests a snapshot after its history is lost, answers meanwhile, and then has the new books only', () => {
    const view = viewOf('A', 'B');
    let rebuilt = 0;
    view.listeners.add(['A', 'B'], { rebuilt: () => (rebuilt += 1) });
    view.forget(0);
    expect(view.head(0)).toBeUndefined();
    expect(quote(view, 'A').sequence).toBe(10n);
    view.rebuild(0, books(3, ['B'], 'epoch-2'));
    expect(view.head(0)).toMatchObject({ epoch: 'epoch-2', sequence: 3n });
    expect(view.get('A')).toBeUndefined();
    expect(rebuilt).toBe(1);
  });
});
