/** A market for tests of streams: quotes, depth, trades and candles of any symbol, which the test changes. */
import { create } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import {
  type StreamCandlesRequest,
  type StreamDepthRequest,
  type StreamQuotesRequest,
  type StreamTradesRequest,
  TradeSchema,
} from '#gen/outcry/market/v1/market_pb.ts';
import { notFound, refused, unavailable } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import { readPositions, writeResumeToken } from '#platform/stream/resume-token.ts';

type Content = { case: string; value: object };
type Wake = () => void;

/** The market and how a test moves it. */
export type FakeMarket = {
  /** Handlers for `startTestUpstream`. */
  fakes: Record<string, (request: never, context: CallContext) => unknown>;
  /** Moves the price of symbols by one, as a trade each. */
  move(...symbols: string[]): void;
  /** Streams that are open, by the names of their RPCs. */
  open: Map<string, number>;
  /** Ends all streams with an error: UNAVAILABLE, or a refusal. */
  fail(kind: 'unavailable' | 'refused'): void;
  /** Whether new streams are refused as UNAVAILABLE. */
  isAway: boolean;
  sequenceOf(symbol: string): bigint;
};

/** Symbols that begin with this do not exist. */
export const unknownPrefix = 'X';

/** A market at sequence 1 of epoch-1. The messages of the symbols that `isPadded` are as much longer as `padding` is, by default of all. */
export function createFakeMarket({ padding = '', isPadded = (_symbol: string): boolean => true } = {}): FakeMarket {
  const epoch = 'epoch-1';
  const sequences = new Map<string, bigint>();
  const trades = new Map<string, bigint[]>();
  const wakes = new Set<Wake>();
  const failures: Error[] = [];
  const sequenceOf = (symbol: string) => sequences.get(symbol) ?? 1n;
  const priceOf = (symbol: string) => `${sequenceOf(symbol)}.00`;
  const quoteOf = (symbol: string) => ({
    symbol,
    lastPrice: priceOf(symbol),
    volume: `1${isPadded(symbol) ? padding : ''}`,
    sequence: sequenceOf(symbol),
  });
  const depthOf = (symbol: string) => ({
    symbol,
    bids: [{ price: priceOf(symbol), quantity: `2${isPadded(symbol) ? padding : ''}` }],
  });
  const candleOf = (symbol: string) => ({ symbol, close: priceOf(symbol), startTime: { seconds: 60n } });
  const tradeOf = (symbol: string, sequence: bigint) =>
    create(TradeSchema, { symbol, tradeId: `0-${sequence}`, price: `${sequence}.00` });
  const at = (symbol: string | undefined) => ({ epoch, sequence: symbol === undefined ? 0n : sequenceOf(symbol) });
  const heartbeat = (symbols: readonly string[]) => {
    const resumeToken = writeResumeToken(symbols.map((symbol) => ({ symbol, ...at(symbol) })));
    return { ...at(symbols[0]), message: { case: 'heartbeat', value: { resumeToken } } };
  };
  const require = (symbols: readonly string[]) => {
    for (const symbol of symbols) {
      if (symbol.startsWith(unknownPrefix)) throw notFound(ErrorReason.SYMBOL_UNKNOWN, `no ${symbol}`, { symbol });
    }
  };
  const market: FakeMarket = {
    fakes: {},
    open: new Map(),
    isAway: false,
    sequenceOf,
    move(...symbols) {
      for (const symbol of symbols) {
        sequences.set(symbol, sequenceOf(symbol) + 1n);
        trades.set(symbol, [...(trades.get(symbol) ?? []), sequenceOf(symbol)]);
      }
      for (const wake of wakes) wake();
    },
    fail(kind) {
      failures.push(kind === 'unavailable' ? unavailable() : refused(ErrorReason.SHARD_HALTED, 'no more of that'));
      for (const wake of wakes) wake();
    },
  };

  async function* changes(
    name: string,
    symbols: readonly string[],
    { signal }: CallContext,
    seen: Map<string, bigint>,
  ) {
    market.open.set(name, (market.open.get(name) ?? 0) + 1);
    const failureCount = failures.length;
    let wake: Wake | undefined;
    const onWake = () => wake?.();
    wakes.add(onWake);
    signal.addEventListener('abort', onWake);
    try {
      while (!signal.aborted) {
        if (failures.length > failureCount) throw failures.at(-1);
        const changed = symbols.filter((symbol) => sequenceOf(symbol) > (seen.get(symbol) ?? 0n));
        for (const symbol of changed) {
          const from = seen.get(symbol) ?? 0n;
          seen.set(symbol, sequenceOf(symbol));
          yield { symbol, from };
        }
        if (changed.length > 0) continue;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      wakes.delete(onWake);
      market.open.set(name, (market.open.get(name) ?? 0) - 1);
    }
  }
  // Read before the first state is sent: the market may move while it is on its way.
  const seenNow = (symbols: readonly string[]) => new Map(symbols.map((symbol) => [symbol, sequenceOf(symbol)]));
  const begin = (symbols: readonly string[]) => {
    if (market.isAway) throw unavailable();
    require(symbols);
  };
  type Change = { symbol: string; from: bigint };
  async function* follow(
    name: string,
    symbols: string[],
    { context, seen }: { context: CallContext; seen: Map<string, bigint> },
    messageOf: (symbol: string) => Content,
  ) {
    for await (const { symbol } of changes(name, symbols, context, seen) as AsyncIterable<Change>) {
      yield { ...at(symbol), message: messageOf(symbol) };
    }
  }
  market.fakes = {
    listInstruments: async () => ({ instruments: ['A', 'B'].map((symbol) => ({ symbol })) }),
    async *streamQuotes({ symbols: asked }: StreamQuotesRequest, context) {
      const symbols = asked.length > 0 ? [...new Set(asked)] : ['A', 'B'];
      begin(symbols);
      const seen = seenNow(symbols);
      const newest = symbols.reduce((best, symbol) => (sequenceOf(symbol) > sequenceOf(best) ? symbol : best));
      yield { ...at(newest), message: { case: 'snapshot', value: { quotes: symbols.map(quoteOf) } } };
      yield* follow('streamQuotes', symbols, { context, seen }, (each) => ({ case: 'quote', value: quoteOf(each) }));
    },
    async *streamDepth({ symbol }: StreamDepthRequest, context) {
      begin([symbol]);
      const seen = seenNow([symbol]);
      yield { ...at(symbol), message: { case: 'depth', value: depthOf(symbol) } };
      yield* follow('streamDepth', [symbol], { context, seen }, () => ({ case: 'depth', value: depthOf(symbol) }));
    },
    async *streamCandles({ symbol, symbols: asked, positions }: StreamCandlesRequest, context) {
      const symbols = asked.length > 0 ? [...new Set(asked)].sort() : [symbol];
      begin(symbols);
      const seen = seenNow(symbols);
      for (const position of positions) {
        yield { ...at(position.symbol), message: { case: 'gap', value: { symbol: position.symbol } } };
      }
      for (const each of symbols) yield { ...at(each), message: { case: 'candle', value: candleOf(each) } };
      yield* follow('streamCandles', symbols, { context, seen }, (each) => ({ case: 'candle', value: candleOf(each) }));
    },
    async *streamTrades({ symbols: asked, resumeToken, positions: sent }: StreamTradesRequest, context) {
      const symbols = asked.length > 0 ? [...new Set(asked)] : ['A', 'B'];
      begin(symbols);
      const positions = readPositions(resumeToken, sent);
      const seen = seenNow(symbols);
      for (const symbol of symbols) {
        const position = positions.get(symbol);
        if (position === undefined) continue;
        if (position.epoch !== epoch) yield { ...at(symbol), message: { case: 'gap', value: { symbol } } };
        for (const sequence of trades.get(symbol) ?? []) {
          if (position.epoch !== epoch || sequence <= position.sequence) continue;
          yield { epoch, sequence, message: { case: 'trade', value: tradeOf(symbol, sequence) } };
        }
      }
      if (positions.size > 0) yield heartbeat(symbols);
      for await (const { symbol, from } of changes('streamTrades', symbols, context, seen)) {
        for (let sequence = from + 1n; sequence <= (seen.get(symbol) ?? 0n); sequence += 1n) {
          yield { epoch, sequence, message: { case: 'trade', value: tradeOf(symbol, sequence) } };
        }
      }
    },
  } as FakeMarket['fakes'];
  return market;
}
