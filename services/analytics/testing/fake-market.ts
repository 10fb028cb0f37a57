/** A market for tests: the contract's quotes and candles over memory that the test writes. */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { type Candle, CandleSchema, MarketService, type Quote, QuoteSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { notFound, unimplemented } from '#platform/errors/outcry-error.ts';
import { createHealthState } from '#platform/rpc/health.ts';
import { type CallContext, implement, type RpcServer, startRpcServer } from '#platform/rpc/server.ts';
import { createLogger } from '#platform/telemetry/logger.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { freePort } from '#platform/testing/free-port.ts';
import { createTestIdentity } from '#platform/testing/tokens.ts';

/** The market, and how a test controls it. */
export type FakeMarket = AsyncDisposable & {
  readonly address: string;
  /** Candle streams that are open. */
  candleStreamCount(): number;
  quote(init: MessageInitShape<typeof QuoteSchema> & { symbol: string }): void;
  /** Candles of one minute; `minute` counts from 2025-01-01. */
  candle(symbol: string, minute: number, close: string, tradeCount?: number): void;
  /** As `candle`, but only for calls: it is not sent on the streams. */
  candleInHistory(symbol: string, minute: number, close: string, tradeCount?: number): void;
  stop(): Promise<void>;
  start(): Promise<void>;
};

type Listener = (change: { quote?: Quote; candle?: Candle }) => void;

const epochStart = Date.UTC(2025, 0, 1);
const epoch = 'epoch-1';

/** Starts one with these symbols. */
export async function startFakeMarket(symbols: string[]): Promise<FakeMarket> {
  const { authenticator } = await createTestIdentity();
  const quotes = new Map(symbols.map((symbol) => [symbol, create(QuoteSchema, { symbol })]));
  const candles = new Map<string, Map<number, Candle>>(symbols.map((symbol) => [symbol, new Map()]));
  const listeners = new Set<Listener>();
  let candleStreams = 0;
  let sequence = 0n;
  let server: RpcServer | undefined;
  const port = await freePort();

  const put = (symbol: string, minute: number, close: string, tradeCount = 1) => {
    const startTime = timestampFromMs(epochStart + minute * 60_000);
    const prices = { open: close, high: close, low: close, close, volume: '1' };
    const candle = create(CandleSchema, { symbol, startTime, ...prices, tradeCount: BigInt(tradeCount) });
    candles.get(symbol)?.set(minute, candle);
    return candle;
  };
  const notify = (change: Parameters<Listener>[0]) => {
    sequence += 1n;
    for (const listener of listeners) listener(change);
  };
  const binding = implement(MarketService, {
    ...otherHandlers,
    listInstruments: async () => ({ instruments: symbols.map((symbol) => ({ symbol, name: `${symbol} Corp` })) }),
    listCandles: async ({ symbol, pageSize, pageToken }) => {
      const found = candles.get(symbol);
      if (found === undefined) throw notFound(ErrorReason.SYMBOL_UNKNOWN, 'there is no such instrument');
      const all = [...found.values()].sort((a, b) => startOf(b) - startOf(a));
      const from = Number(pageToken || 0);
      const more = all.length > from + pageSize;
      return { candles: all.slice(from, from + pageSize), nextPageToken: more ? String(from + pageSize) : '' };
    },
    async *streamQuotes({ symbols: asked }, context) {
      yield {
        epoch,
        sequence,
        message: { case: 'snapshot', value: { quotes: asked.map((each) => quotes.get(each) ?? {}) } },
      };
      for await (const { quote } of changes(listeners, context)) {
        if (quote) yield { epoch, sequence, message: { case: 'quote', value: quote } };
      }
    },
    async *streamCandles({ symbol }, context) {
      candleStreams += 1;
      try {
        for await (const { candle } of changes(listeners, context)) {
          if (candle?.symbol === symbol) yield { epoch, sequence, message: { case: 'candle', value: candle } };
        }
      } finally {
        candleStreams -= 1;
      }
    },
  });
  const start = async () => {
    const [logger, metrics] = [createLogger({ service: 'market', level: 'silent' }), createMetrics('market')];
    const options = { serviceName: 'market', host: '127.0.0.1', port, bindings: [binding], authenticator };
    server = await startRpcServer({ ...options, logger, metrics, health: createHealthState() });
  };
  const stop = async () => {
    await server?.drain(50);
  };
  await start();
  return {
    address: `ipv4:127.0.0.1:${port}`,
    candleStreamCount: () => candleStreams,
    quote(init) {
      const quote = create(QuoteSchema, { ...init, sequence: sequence + 1n });
      quotes.set(init.symbol, quote);
      notify({ quote });
    },
    candle: (symbol, minute, close, tradeCount) => notify({ candle: put(symbol, minute, close, tradeCount) }),
    candleInHistory: (symbol, minute, close, tradeCount) => void put(symbol, minute, close, tradeCount),
    start,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function* changes(listeners: Set<Listener>, { signal }: CallContext) {
  const waiting: Parameters<Listener>[0][] = [];
  let wake = () => {};
  const listener: Listener = (change) => {
    waiting.push(change);
    wake();
  };
  listeners.add(listener);
  signal.addEventListener('abort', () => wake());
  try {
    while (!signal.aborted) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    listeners.delete(listener);
  }
}

function startOf({ startTime }: Candle): number {
  return startTime === undefined ? 0 : timestampMs(startTime);
}

const refuse = async () => {
  throw unimplemented('not part of this market');
};

async function* refuseStream(): AsyncGenerator<never> {
  yield await refuse();
}

const otherHandlers = {
  getInstrument: refuse,
  listQuotes: refuse,
  getClock: refuse,
  listSessions: refuse,
  getDepth: refuse,
  listSnapshots: refuse,
  listAuctions: refuse,
  listPastQuotes: refuse,
  listTrades: refuse,
  streamDepth: refuseStream,
  streamTrades: refuseStream,
  changeStream: refuse,
};
