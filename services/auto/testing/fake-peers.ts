/** The order service, the market and the exchange's feed in one server, with behaviour that a test sets. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { OrderInternalService, type PlaceOrderForRequest } from '#gen/outcry/order/v1/internal_pb.ts';
import { invalidArgument, notFound, refused, unavailable, unimplemented } from '#platform/errors/outcry-error.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { createHealthState } from '#platform/rpc/health.ts';
import { implement, startRpcServer } from '#platform/rpc/server.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { createTestIdentity } from '#platform/testing/tokens.ts';
import { candlesOf, lotSize, type TradedShares } from './fake-candles.ts';
import { createFakeFeed, type FakeFeed, tickSize } from './fake-feed.ts';

/** The peers, and how a test controls them. */
export type FakePeers = AsyncDisposable & {
  address: string;
  /** Orders by account and key: a repeat gives the same order. */
  orders: Map<string, string>;
  calls: PlaceOrderForRequest[];
  /** How much of a quantity the market takes at once, decimal; all of it unless a test sets another. */
  fillOf(quantity: string): string;
  /** What the order service does with a call: places the order, refuses it, is unavailable, or places it and loses the answer. */
  behaviour: 'place' | 'refuse' | 'invalid' | 'unreachable' | 'lose-answer';
  /** Last prices of the listed symbols; empty for a symbol without one. */
  prices: Map<string, string>;
  setPrice(symbol: string, price: string): void;
  /** What was traded, for the market's candles. */
  traded: TradedShares[];
  /** Whether the market answers for candles. */
  hasCandles: boolean;
  /** The exchange's feed, with the trades of `setPrice`. */
  feed: FakeFeed;
  /** Whether the market answers for quotes. */
  hasQuotes: boolean;
};

/** Starts them on a free port with ACME at 100. */
export async function startFakePeers(): Promise<FakePeers> {
  const feed = createFakeFeed();
  const { authenticator } = await createTestIdentity();
  const peers: Omit<FakePeers, 'address' | typeof Symbol.asyncDispose> = {
    orders: new Map(),
    calls: [],
    fillOf: (quantity) => quantity,
    traded: [],
    hasCandles: true,
    behaviour: 'place',
    prices: new Map([
      ['ACME', '100'],
      ['BETA', ''],
    ]),
    setPrice(symbol, price) {
      peers.prices.set(symbol, price);
      feed.trade(symbol, price);
    },
    feed,
    hasQuotes: true,
  };
  feed.trade('ACME', '100');
  const server = await startRpcServer({
    serviceName: 'peers',
    host: '127.0.0.1',
    port: 0,
    authenticator,
    logger: silentLogger,
    metrics: createMetrics('peers'),
    health: createHealthState(),
    bindings: [ordersBinding(peers), marketBinding(peers), feed.service],
  });
  const address = `ipv4:127.0.0.1:${server.port}`;
  return Object.assign(peers, { address, [Symbol.asyncDispose]: () => server.drain(100) });
}

type Peers = Omit<FakePeers, 'address' | typeof Symbol.asyncDispose>;

function ordersBinding(peers: Peers) {
  const filled = new Map<string, string>();
  return implement(OrderInternalService, {
    async *placeOrders() {},
    async placeOrderFor(request) {
      peers.calls.push(request);
      switch (peers.behaviour) {
        case 'unreachable':
          throw unavailable();
        case 'refuse':
          throw refused(ErrorReason.CASH_INSUFFICIENT, 'too little cash', { needed: '100.00', available: '1.00' });
        case 'invalid':
          throw invalidArgument('terms.limit_price', 'off tick', ErrorReason.PRICE_NOT_ON_TICK, { tick: '0.01' });
        default: {
          const key = `${request.accountId} ${request.clientOrderId}`;
          const orderId = peers.orders.get(key) ?? uuidV7();
          peers.orders.set(key, orderId);
          const filledQuantity = filled.get(orderId) ?? peers.fillOf(request.terms?.size.value ?? '');
          filled.set(orderId, filledQuantity);
          if (peers.behaviour === 'lose-answer') throw unavailable();
          return { order: { orderId, filledQuantity } };
        }
      }
    },
    async *streamOpenAt() {
      yield* refuse();
    },
  });
}

function marketBinding(peers: Peers) {
  const requireListed = (symbol: string) => {
    if (peers.prices.has(symbol)) return;
    throw notFound(ErrorReason.SYMBOL_UNKNOWN, 'there is no such instrument', { symbol });
  };
  const quoteOf = (symbol: string) => {
    return { symbol, lastPrice: peers.prices.get(symbol) ?? '', sequence: peers.feed.lastOf(symbol) };
  };
  return implement(MarketService, {
    async getInstrument({ symbol }) {
      requireListed(symbol);
      return { instrument: { symbol, tickSize, lotSize, shard: 0 } };
    },
    streamQuotes: refuse,
    listInstruments: refuseCall,
    async listQuotes({ symbols }) {
      if (!peers.hasQuotes) throw unavailable();
      for (const symbol of symbols) requireListed(symbol);
      return { quotes: symbols.map(quoteOf) };
    },
    getDepth: refuseCall,
    listSnapshots: refuseCall,
    getClock: refuseCall,
    listSessions: refuseCall,
    listTrades: refuseCall,
    async listCandles(request) {
      if (!peers.hasCandles) throw unavailable();
      return { candles: candlesOf(peers.traded, request) };
    },
    listAuctions: refuseCall,
    listPastQuotes: refuseCall,
    streamDepth: refuse,
    streamTrades: refuse,
    streamCandles: refuse,
    changeStream: refuseCall,
  });
}

async function refuseCall(): Promise<never> {
  throw unimplemented('not in this test');
}

// biome-ignore lint/correctness/useYield: a refused stream sends nothing.
async function* refuse(): AsyncGenerator<never> {
  throw unimplemented('not in this test');
}
