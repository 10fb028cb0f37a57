/** A market of which tests set the prices, and see who follows them. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { notFound, unimplemented } from '#platform/errors/outcry-error.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import { type Implementation, implement } from '#platform/rpc/implementation.ts';
import { defaultStreamTimes, type SourceOpener, serveStream } from '#platform/stream/serve-stream.ts';
import { freePort } from '#platform/testing/free-port.ts';
import { createTestApp, type TestApp } from '#platform/testing/service-app.ts';
import type { TestIdentity } from '#platform/testing/tokens.ts';

/** The market; it can be stopped and started again on its port. */
export type FakeMarket = AsyncDisposable & {
  address: string;
  setPrice(symbol: string, lastPrice: string): void;
  /** The symbols of each open quote stream. */
  streams(): string[][];
  stop(): Promise<void>;
  start(): Promise<void>;
};

type Streams = Set<{ symbols: string[]; onChange: (symbol: string) => void }>;

/** Starts it; a symbol is listed once it has a price, which may be empty. */
export async function startFakeMarket(identity: TestIdentity, prices: Map<string, string>): Promise<FakeMarket> {
  const streams: Streams = new Set();
  let app: TestApp | undefined;
  const port = await freePort();
  const start = async () => {
    app = createTestApp('market', { port });
    const bindings = [implement(MarketService, marketImplementation(prices, streams))];
    await serveRpc(app, { bindings, authenticator: identity.authenticator });
    app.ready();
  };
  const stop = async () => {
    await app?.shutdown();
    app = undefined;
  };
  await start();
  return {
    address: `ipv4:127.0.0.1:${port}`,
    setPrice(symbol, lastPrice) {
      prices.set(symbol, lastPrice);
      for (const { symbols, onChange } of streams) if (symbols.includes(symbol)) onChange(symbol);
    },
    streams: () => [...streams].map(({ symbols }) => symbols),
    stop,
    start,
    [Symbol.asyncDispose]: stop,
  };
}

function marketImplementation(prices: Map<string, string>, streams: Streams): Implementation<typeof MarketService> {
  const quote = (symbol: string) => {
    const lastPrice = prices.get(symbol);
    if (lastPrice === undefined) throw notFound(ErrorReason.SYMBOL_UNKNOWN, 'no such instrument', { symbol });
    return { symbol, lastPrice };
  };
  const none = () => {
    throw unimplemented('this market has quotes only');
  };
  const source =
    (symbols: string[]): SourceOpener<ReturnType<typeof quote>[]> =>
    (wake) => {
      let due = [...symbols];
      const onChange = (symbol: string) => {
        due.push(symbol);
        wake();
      };
      const stream = { symbols, onChange };
      streams.add(stream);
      return {
        take() {
          const quotes = due.map(quote);
          due = [];
          return quotes.length > 0 ? quotes : undefined;
        },
        [Symbol.dispose]: () => void streams.delete(stream),
      };
    };
  return {
    listQuotes: async ({ symbols }) => ({ quotes: symbols.map(quote) }),
    async *streamQuotes({ symbols }, { signal }) {
      symbols.forEach(quote);
      const pages = serveStream(source(symbols), { ...defaultStreamTimes, signal, heartbeat: () => [], end: () => [] });
      for await (const quotes of pages) yield { message: { case: 'snapshot', value: { quotes } } };
    },
    listInstruments: none,
    getInstrument: none,
    getDepth: none,
    listSnapshots: none,
    getClock: none,
    listSessions: none,
    listTrades: none,
    listCandles: none,
    listAuctions: none,
    listPastQuotes: none,
    streamDepth: none,
    streamTrades: none,
    streamCandles: none,
    changeStream: none,
  };
}
