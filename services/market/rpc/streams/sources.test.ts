import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { StreamCandlesResponseSchema, StreamQuotesResponseSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { Side, TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { books, follow, level, listing, traded } from '../../testing/events.ts';
import { drain, ignore, trades, viewOf } from '../../testing/sources.ts';
import type { Catalogue } from '../../view/catalogue.ts';
import { candleSource } from './candle-source.ts';
import { depthSource } from './depth-source.ts';
import { priceSource } from './price-source.ts';
import { quoteSource } from './quote-source.ts';

describe('quoteSource', () => {
  it('gives a slow reader one quote, the latest, for each symbol', () => {
    const view = viewOf('A', 'B');
    const source = quoteSource(view, ['A', 'B'])(ignore);
    const [snapshot] = drain(source).map(({ bytes }) => fromBinary(StreamQuotesResponseSchema, bytes));
    expect(snapshot?.message).toMatchObject({
      case: 'snapshot',
      value: { quotes: [{ symbol: 'A' }, { symbol: 'B' }] },
    });
    for (let i = 0; i < 100; i += 1) view.apply(0, trades(1 + i * 10, 10));
    const messages = drain(source).map(({ bytes }) => fromBinary(StreamQuotesResponseSchema, bytes));
    const quotes = messages.map(({ message }) => message.value);
    const conflatedCounts = messages.map(({ conflatedCount }) => conflatedCount);
    expect(conflatedCounts).toEqual([99n, 99n]);
    expect(quotes).toMatchObject([
      { symbol: 'B', lastPrice: '10.99' },
      { symbol: 'A', lastPrice: '11.00' },
    ]);
    expect(drain(source)).toEqual([]);
  });

  it('gives every reader the same bytes', () => {
    const view = viewOf('A');
    const sources = Array.from({ length: 5 }, () => quoteSource(view, ['A'])(ignore));
    sources.forEach(drain);
    view.apply(0, follow(1, [traded('A', 100, 1)]));
    expect(new Set(sources.flatMap(drain)).size).toBe(1);
  });

  it('has what is added to its symbols as it is now, and nothing more of what is left out', () => {
    const view = viewOf('A', 'B', 'C');
    const source = quoteSource(view, ['A', 'B'])(ignore);
    drain(source);
    view.apply(0, follow(1, [traded('A', 100, 1), traded('B', 101, 1), traded('C', 102, 1)]));
    source.setSymbols(['B', 'C']);
    view.apply(0, follow(4, [traded('A', 103, 1)]));
    const messages = drain(source).map(({ bytes }) => fromBinary(StreamQuotesResponseSchema, bytes).message.value);
    expect(messages).toMatchObject([{ symbol: 'B' }, { symbol: 'C', lastPrice: '1.02' }]);
    source[Symbol.dispose]();
    expect([...view.listeners.of('C')]).toEqual([]);
  });

  it('gets nothing after its disposal', () => {
    const view = viewOf('A');
    let woken = 0;
    const source = quoteSource(view, ['A'])(() => (woken += 1));
    source[Symbol.dispose]();
    view.apply(0, follow(1, [traded('A', 100, 1)]));
    expect(woken).toBe(0);
    expect([...view.listeners.of('A')]).toEqual([]);
  });
});

describe('depthSource', () => {
  it('gives a slow reader the latest book once, and nothing for a trade that leaves the book as it is', () => {
    const view = viewOf('A');
    const source = depthSource(view, 'A', 5)(ignore);
    expect(drain(source)).toHaveLength(1);
    for (let i = 0; i < 50; i += 1) view.apply(0, follow(1 + i, [level('A', Side.BUY, 100, 1 + i)]));
    expect(drain(source)).toHaveLength(1);
    view.apply(0, follow(51, [traded('A', 100, 1)]));
    expect(drain(source)).toEqual([]);
  });
});

describe('candleSource', () => {
  it('begins with a gap for each symbol that has traded since the position', () => {
    const view = viewOf('A', 'B', 'C');
    view.apply(0, follow(1, [traded('A', 100, 1), traded('B', 100, 1)]));
    const at = (symbol: string, sequence: bigint, epoch = 'epoch-1') => [symbol, { symbol, epoch, sequence }] as const;
    const positions = new Map([at('A', 2n), at('B', 1n), at('C', 2n, 'epoch-0')]);
    const source = candleSource(view, { symbols: ['A', 'B', 'C'], interval: '1m', positions })(ignore);
    const messages = drain(source).map(({ bytes }) => fromBinary(StreamCandlesResponseSchema, bytes).message);
    expect(messages.filter((message) => message.case === 'gap').map(({ value }) => value.symbol)).toEqual(['B', 'C']);
    expect(messages.filter((message) => message.case === 'candle')).toHaveLength(2);
  });

  it('gives a slow reader the last form of each candle', () => {
    const view = viewOf('A');
    const source = candleSource(view, { symbols: ['A'], interval: '1m' })(ignore);
    const events = [traded('A', 100, 1, 60_000), traded('A', 105, 1, 61_000), traded('A', 90, 1, 120_000)];
    view.apply(0, follow(1, events.slice(0, 1)));
    view.apply(0, follow(2, events.slice(1)));
    const candles = drain(source).map(({ bytes }) => fromBinary(StreamCandlesResponseSchema, bytes).message.value);
    expect(candles).toMatchObject([
      { open: '1.00', close: '1.05', tradeCount: 2n },
      { open: '0.90', close: '0.90' },
    ]);
  });

  it('begins with the running candle', () => {
    const view = viewOf('A');
    view.apply(0, follow(1, [traded('A', 100, 1)]));
    expect(drain(candleSource(view, { symbols: ['A'], interval: '1d' })(ignore))).toHaveLength(1);
    expect(drain(candleSource(viewOf('A'), { symbols: ['A'], interval: '1d' })(ignore))).toHaveLength(0);
  });

  it('gives the candles of several symbols in turn, and of a slow reader the last 100 of each', () => {
    const view = viewOf('A', 'B');
    const source = candleSource(view, { symbols: ['A', 'B'], interval: '1m' })(ignore);
    view.apply(0, trades(1, 10));
    view.apply(0, trades(11, 10));
    const read = () => drain(source).map(({ bytes }) => fromBinary(StreamCandlesResponseSchema, bytes).message.value);
    expect(read()).toMatchObject([
      { symbol: 'B', tradeCount: 10n },
      { symbol: 'A', tradeCount: 10n },
    ]);
    const minutes = Array.from({ length: 300 }, (_, i) => traded('A', 100, 1, 120_000 + i * 60_000));
    view.apply(0, follow(21, minutes));
    expect(read()).toHaveLength(200);
  });
});

describe('priceSource', () => {
  const terms = (symbol: string) => ({
    symbol,
    name: symbol,
    sector: '',
    currency: 'USD',
    tickSize: 10_000n,
    lotSize: 1_000_000n,
    bandBps: 100,
    referencePrice: 1_000_000n,
    calendar: '24x7',
    ...{ breakerBps: 0, breakerHaltMs: 0, breakerAuctionMs: 0 },
  });
  const catalogueOf = (...symbols: string[]): Catalogue => ({
    load: async () => {},
    get: (symbol) => (symbols.includes(symbol) ? terms(symbol) : undefined),
    list: () => symbols.map(terms),
  });

  it('begins with the terms and prices of every book, then has the latest prices of each that has changed', () => {
    const view = viewOf('A', 'B');
    const source = priceSource(view, catalogueOf('A', 'B'))(ignore);
    const [all, none] = drain(source);
    expect(all).toMatchObject({ complete: true, prices: [{ symbol: 'A', bidTicks: 0n }, { symbol: 'B' }] });
    expect(all?.instruments).toMatchObject([
      { symbol: 'A', tickMicros: 10_000n, lotMicros: 1_000_000n, bandBps: 100, referencePriceTicks: 100n },
      { symbol: 'B' },
    ]);
    expect(none).toBeUndefined();
    view.apply(0, follow(1, [level('A', Side.BUY, 99, 5), level('A', Side.SELL, 101, 5), traded('A', 100, 1)]));
    view.apply(0, follow(4, [level('A', Side.BUY, 100, 1)]));
    const changes = drain(source);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      complete: true,
      instruments: [],
      prices: [{ symbol: 'A', bidTicks: 100n, askTicks: 101n, lastTicks: 100n, state: TradingState.CONTINUOUS }],
    });
  });

  it('sends nothing for a change behind the best prices', () => {
    const view = viewOf('A');
    view.apply(0, follow(1, [level('A', Side.BUY, 100, 1)]));
    const source = priceSource(view, catalogueOf('A'))(ignore);
    drain(source);
    view.apply(0, follow(2, [level('A', Side.BUY, 99, 1), level('A', Side.BUY, 100, 7)]));
    expect(drain(source)).toEqual([]);
  });

  it('sends many books in several messages, the last of which says that all are there', () => {
    const symbols = Array.from({ length: 1_001 }, (_, index) => `S${index}`);
    const messages = drain(priceSource(viewOf(...symbols), catalogueOf(...symbols))(ignore));
    expect(messages.map(({ prices, complete }) => [prices.length, complete])).toEqual([
      [500, false],
      [500, false],
      [1, true],
    ]);
  });

  it('has a book that is listed later, once its terms are known, and empties one that a rebuilt view lacks', () => {
    const view = viewOf('A');
    const symbols = ['A'];
    const catalogue = {
      ...catalogueOf(),
      get: (symbol: string) => (symbols.includes(symbol) ? terms(symbol) : undefined),
    };
    const source = priceSource(view, catalogue)(ignore);
    drain(source);
    view.apply(
      0,
      follow(1, [{ symbol: 'B', event: { case: 'listed', value: { listing: { ...listing, symbol: 'B' } } } }]),
    );
    expect(drain(source)).toEqual([]);
    symbols.push('B');
    expect(drain(source)).toMatchObject([{ instruments: [{ symbol: 'B' }], prices: [{ symbol: 'B' }] }]);
    view.apply(0, follow(2, [level('B', Side.BUY, 5, 1)]));
    drain(source);
    view.rebuild(0, books(0, ['A'], 'epoch-2'));
    expect(drain(source)).toMatchObject([{ instruments: [], prices: [{ symbol: 'B', bidTicks: 0n }] }]);
  });
});
