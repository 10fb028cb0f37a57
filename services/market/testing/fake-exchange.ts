/** An exchange for tests: the contract's feed and listing over a list in memory, with books that the test writes. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { CommandOutcome, ExchangeService, type Listing } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { ExchangeFeedService, type GetBooksResponseSchema, StateCause } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { Side, TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { outOfRange, unimplemented } from '#platform/errors/outcry-error.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { createHealthState } from '#platform/rpc/health.ts';
import { implement, type RpcServer, type ServiceBinding, startRpcServer } from '#platform/rpc/server.ts';
import { createLogger } from '#platform/telemetry/logger.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { freePort } from '#platform/testing/free-port.ts';
import { createTestIdentity } from '#platform/testing/tokens.ts';
import { append, changeState, type FakeBook, type Memory, type State, type StateCommand } from './fake-memory.ts';

/** The exchange, and how a test controls it. */
export type FakeExchange = AsyncDisposable & {
  readonly port: number;
  readonly commands: StateCommand[];
  /** Symbols in the order in which they were first listed. */
  listed(): string[];
  /** The terms with which a symbol was listed. */
  listing(symbol: string): Listing;
  headSequence(): bigint;
  trade(symbol: string, priceTicks: number, quantityLots: number, timeMs?: number): void;
  level(symbol: string, side: 'bid' | 'ask', priceTicks: number, quantityLots: number): void;
  /** Changes the state of a book under a command id, as another caller would. */
  setState(commandId: string, symbol: string, tradingState: TradingState): void;
  /** Changes the state of a book as its circuit breaker does, at a time (default now): HALTED, OPENING_AUCTION, then CONTINUOUS. */
  breakState(symbol: string, tradingState: TradingState, timeMs?: number): void;
  /** Stops the server; `start` opens it again on its port with its memory intact. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Forgets everything and takes another epoch, as after a loss of the journal. */
  loseHistory(): void;
  /** Leaves one sequence out. */
  makeGap(): void;
  /** Follow refuses positions before the head from now on. */
  dropRetention(): void;
};

/** Starts one on a port that stays free for it while it is stopped. */
export async function startFakeExchange(): Promise<FakeExchange> {
  const { authenticator } = await createTestIdentity();
  const state: State = { memory: emptyMemory(), commands: [], wakes: new Set() };
  let server: RpcServer | undefined;
  const port = await freePort();

  const start = async () => {
    server = await startRpcServer({
      serviceName: 'exchange',
      host: '127.0.0.1',
      port,
      bindings: bindingsOf(state),
      authenticator,
      logger: createLogger({ service: 'exchange', level: 'silent' }),
      metrics: createMetrics('exchange'),
      health: createHealthState(),
    });
  };
  const stop = async () => {
    await server?.drain(50);
    server = undefined;
  };
  await start();
  return {
    port,
    commands: state.commands,
    listed: () => [...state.memory.books.keys()],
    listing: (symbol) => bookOf(state, symbol).listing,
    headSequence: () => state.memory.sequence,
    trade(symbol, priceTicks, quantityLots, timeMs) {
      bookOf(state, symbol).last = BigInt(priceTicks);
      const tradeId = `0-${state.memory.sequence + 1n}`;
      const amounts = { priceTicks: BigInt(priceTicks), quantityLots: BigInt(quantityLots) };
      append(state, symbol, { case: 'traded', value: { tradeId, ...amounts, taker: { side: Side.BUY } } }, timeMs);
    },
    level(symbol, side, priceTicks, quantityLots) {
      const level = {
        side: side === 'bid' ? Side.BUY : Side.SELL,
        priceTicks: BigInt(priceTicks),
        quantityLots: BigInt(quantityLots),
        orderCount: quantityLots > 0 ? 1 : 0,
      };
      const { levels } = bookOf(state, symbol);
      if (quantityLots > 0) levels.set(`${side} ${priceTicks}`, level);
      else levels.delete(`${side} ${priceTicks}`);
      append(state, symbol, { case: 'levelChanged', value: level });
    },
    setState(commandId, symbol, tradingState) {
      changeState(state, { commandId, symbol, state: tradingState });
    },
    breakState(symbol, tradingState, timeMs = Date.now()) {
      const book = bookOf(state, symbol);
      const { breakerHaltMs, breakerAuctionMs } = book.listing;
      book.state = tradingState;
      const cause = tradingState === TradingState.HALTED ? StateCause.BREAKER : StateCause.TIMER;
      if (cause === StateCause.BREAKER) book.breakerDueMs = timeMs + breakerHaltMs;
      else book.breakerDueMs = tradingState === TradingState.CONTINUOUS ? 0 : book.breakerDueMs + breakerAuctionMs;
      append(state, symbol, { case: 'stateChanged', value: { state: tradingState, cause } }, timeMs);
    },
    start,
    stop,
    loseHistory() {
      state.memory = emptyMemory();
      for (const wake of state.wakes) wake();
    },
    makeGap() {
      state.memory.sequence += 1n;
    },
    dropRetention() {
      state.memory.events.length = 0;
      state.memory.first = state.memory.sequence + 1n;
    },
    [Symbol.asyncDispose]: stop,
  };
}

function bindingsOf(state: State): ServiceBinding[] {
  return [
    implement(ExchangeService, {
      ...orderHandlers,
      listSymbol: async ({ listing }) => listSymbol(state, listing),
      setTradingState: async ({ commandId, symbol, state: tradingState }) =>
        changeState(state, { commandId, symbol, state: tradingState }),
      getShard: async ({ shard }) => {
        const { epoch, sequence } = state.memory;
        return { shard, headSequence: sequence, epoch };
      },
    }),
    implement(ExchangeFeedService, {
      getBooks: async () => booksOf(state.memory),
      getOrderQueue: refuse,
      confirm: refuse,
      follow: ({ afterSequence }, { signal }) => followMemory(() => state.memory, afterSequence, state.wakes, signal),
    }),
  ];
}

function listSymbol(state: State, listing: Listing | undefined) {
  if (listing === undefined) throw new Error('no listing');
  const { books } = state.memory;
  const known = books.get(listing.symbol);
  if (known !== undefined && JSON.stringify(plain(known.listing)) !== JSON.stringify(plain(listing))) {
    return { result: { outcome: CommandOutcome.REJECTED, reason: ErrorReason.SYMBOL_ALREADY_LISTED } };
  }
  if (known === undefined) {
    const book = { listing, state: TradingState.CONTINUOUS, breakerDueMs: 0, last: 0n, levels: new Map() };
    books.set(listing.symbol, book);
    append(state, listing.symbol, { case: 'listed', value: { listing } });
  }
  return { result: { outcome: CommandOutcome.ACCEPTED } };
}

function bookOf({ memory }: State, symbol: string): FakeBook {
  const book = memory.books.get(symbol);
  if (book === undefined) throw new Error(`${symbol} is not listed`);
  return book;
}

function emptyMemory(): Memory {
  return { epoch: uuidV7(), events: [], first: 1n, sequence: 0n, books: new Map(), outcomes: new Map() };
}

async function* followMemory(
  current: () => Memory,
  afterSequence: bigint,
  wakes: Set<() => void>,
  signal: AbortSignal,
) {
  let memory = current();
  if (afterSequence > memory.sequence || afterSequence + 1n < memory.first) {
    throw outOfRange(ErrorReason.FEED_POSITION_UNKNOWN, 'the position is not kept');
  }
  let position = afterSequence;
  while (!signal.aborted) {
    const changed = Promise.withResolvers<void>();
    wakes.add(changed.resolve);
    signal.addEventListener('abort', () => changed.resolve());
    memory = current();
    const events = memory.events.filter(({ sequence }) => sequence > position).slice(0, 1_000);
    position = events.at(-1)?.sequence ?? position;
    yield { events, headSequence: memory.sequence, epoch: memory.epoch };
    if (events.length === 0) await changed.promise;
    wakes.delete(changed.resolve);
  }
}

function booksOf({ sequence, epoch, books }: Memory): MessageInitShape<typeof GetBooksResponseSchema> {
  return {
    sequence,
    epoch,
    books: [...books.values()].map(({ listing, state, breakerDueMs, last, levels }) => {
      const sorted = [...levels.values()].sort((a, b) => Number(a.priceTicks - b.priceTicks));
      return {
        listing,
        state,
        lastPriceTicks: last,
        breakerDueTimeMs: BigInt(breakerDueMs),
        bids: sorted.filter(({ side }) => side === Side.BUY).reverse(),
        asks: sorted.filter(({ side }) => side === Side.SELL),
      };
    }),
  };
}

function plain({ $typeName, $unknown, ...terms }: Listing) {
  return { ...terms, referencePriceTicks: String(terms.referencePriceTicks) };
}

const refuse = async () => {
  throw unimplemented('this exchange has no orders');
};

const orderHandlers = {
  ...{ submit: refuse, submitList: refuse, cancel: refuse, replace: refuse, cancelAll: refuse, void: refuse },
  ...{ keepAlive: refuse, splitSymbol: refuse, previewSubmit: refuse, readTrails: refuse },
};
