/** One run of all house traders, from the moment the lease is taken until it is lost or a part fails. */
import type { Instrument } from '#gen/outcry/market/v1/market_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { PRICE_SCALE, parseDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { type FairPrice, startFairPrice } from '../domain/fair-price.ts';
import type { HouseInstrument } from '../domain/instrument.ts';
import { createRandom, seedFor } from '../domain/random.ts';
import type { SimulatorClients } from './clients.ts';
import type { Clock } from './clock.ts';
import { type HouseAccount, openHouseAccount } from './house-account.ts';
import { createHouseOrders } from './house-orders.ts';
import { createMarketMaker } from './market-maker.ts';
import { createOrderBookKeeper, type OrderBookKeeper } from './order-book-keeper.ts';
import { createPace, type Pace } from './pace.ts';
import { createPhases, type Phases } from './phases.ts';
import { createTaker } from './taker.ts';
import { runRounds, type Trader } from './trader.ts';
import { createWalk } from './walk.ts';

/** What a session needs. */
export type SessionOptions = {
  clients: SimulatorClients;
  seed: number;
  commandsPerSecondMax: number;
  makers: number;
  takers: number;
  clock: Clock;
  /** How fast the market's clock passes. */
  marketSpeed: () => number;
  metrics: Metrics;
  logger: Logger;
  signal: AbortSignal;
};

const fundEveryMs = 10_000;
const retryMs = 1_000;

/** Runs the traders until the signal aborts or one of their loops fails; then all stop and the error is thrown. */
export async function runSession(options: SessionOptions): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const listed = await listInstruments(options.clients);
  const instruments = listed.map(houseInstrument);
  const { clients, clock, logger } = options;
  const phases = createPhases({ market: clients.market, states: statesOf(listed), clock, logger, signal });
  const fairPrices = await startPrices(options.clients, instruments);
  const shared = { instruments, fairPrices, phases, pace: createPace(options.commandsPerSecondMax, clock) };
  const loops: Promise<void>[] = [];
  try {
    const opened = await Promise.all(
      traderNames(options).map((name) => openTrader(name, { ...options, signal }, shared)),
    );
    const walk = createWalk(fairPrices, createRandom(seedFor(options.seed, 'walk')), options.marketSpeed);
    const traders = [walk, ...opened.map(({ trader }) => trader)];
    // All loops begin here: the rejection of one that began before a call above, at an abort meanwhile, would be unhandled.
    loops.push(runRounds(traders, clock, signal), phases.follow(), ...opened.flatMap(({ begin }) => begin()));
    await Promise.all(loops);
  } finally {
    stop.abort();
    await Promise.allSettled(loops);
  }
}

function traderNames({ makers, takers }: SessionOptions): string[] {
  return [
    // In a round takers take what rests, before makers replace it.
    ...Array.from({ length: takers }, (_, index) => `taker-${index + 1}`),
    ...Array.from({ length: makers }, (_, index) => `maker-${index + 1}`),
  ];
}

type Shared = { instruments: HouseInstrument[]; fairPrices: Map<string, FairPrice>; phases: Phases; pace: Pace };

/** A trader, and its loops beside the rounds. */
type OpenTrader = { trader: Trader; begin: () => Promise<void>[] };

async function openTrader(name: string, options: SessionOptions, shared: Shared): Promise<OpenTrader> {
  const { clients, clock, metrics, signal } = options;
  const { instruments, fairPrices, phases, pace } = shared;
  const account = await openHouseAccount(clients, name);
  let held = await account.fund(instruments);
  const random = createRandom(seedFor(options.seed, name));
  const orders = createHouseOrders({ clients, account, clock, metrics, signal });
  const fairTicks = (symbol: string) => fairPrices.get(symbol)?.ticks;
  const common = { instruments, orders, fairTicks, pace, phaseOf: phases.of, heldLots: () => held };
  const refund = (): Promise<void> =>
    fundPeriodically(account, instruments, options, (lots) => {
      held = lots;
    });
  if (name.startsWith('taker')) return { trader: createTaker({ ...common, random }), begin: () => [refund()] };
  const keeper = createOrderBookKeeper(new Map(instruments.map((one) => [one.symbol, one])));
  // What an earlier run left in the books is taken out first: its prices are old.
  await clients.orders.cancelAllOrders({}, { userToken: await account.token(), signal });
  return {
    trader: createMarketMaker({ ...common, keeper }),
    begin: () => [refund(), followOrders(clients, account, keeper, options)],
  };
}

async function fundPeriodically(
  account: HouseAccount,
  instruments: HouseInstrument[],
  { clock, logger, signal }: SessionOptions,
  onRead: (lots: Map<string, number>) => void,
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(fundEveryMs, signal);
    try {
      onRead(await account.fund(instruments));
    } catch (error) {
      logger.warn({ error, account: account.name }, 'a house account could not be funded');
    }
  }
}

async function followOrders(
  clients: SimulatorClients,
  account: HouseAccount,
  keeper: OrderBookKeeper,
  { clock, logger, signal }: SessionOptions,
): Promise<void> {
  while (!signal.aborted) {
    try {
      // Begun anew with a snapshot each time, so that nothing that was missed stays in the keeper.
      for await (const { message } of clients.orders.streamOrders({}, { userToken: await account.token(), signal })) {
        if (message.case === 'snapshot') keeper.reset(message.value.orders);
        if (message.case === 'order') keeper.take(message.value);
      }
    } catch (error) {
      if (!signal.aborted) logger.info({ error, account: account.name }, 'the order stream broke; it is opened again');
    }
    await clock.sleep(retryMs, signal);
  }
}

async function listInstruments(clients: SimulatorClients): Promise<Instrument[]> {
  const found: Instrument[] = [];
  let pageToken = '';
  do {
    const page = await clients.market.listInstruments({ pageSize: 200, pageToken });
    found.push(...page.instruments);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return found.filter(({ state }) => state !== TradingState.DELISTED);
}

/** The states of the books that may stop trading: those with sessions, and those with a circuit breaker. */
function statesOf(instruments: readonly Instrument[]): Map<string, TradingState> {
  const mayStop = instruments.filter(
    ({ calendar, breakerBps }) => breakerBps > 0 || (calendar !== '' && calendar !== '24x7'),
  );
  return new Map(mayStop.map(({ symbol, state }) => [symbol, state]));
}

function houseInstrument(instrument: Instrument): HouseInstrument {
  const tickMicros = parseDecimal(instrument.tickSize, PRICE_SCALE);
  return {
    symbol: instrument.symbol,
    tickMicros,
    lotMicros: parseDecimal(instrument.lotSize, QUANTITY_SCALE),
    referenceTicks: Number(parseDecimal(instrument.referencePrice, PRICE_SCALE) / tickMicros),
  };
}

// A walk goes on from the last trade; a book without one begins at its listing price.
async function startPrices(clients: SimulatorClients, instruments: HouseInstrument[]): Promise<Map<string, FairPrice>> {
  const last = new Map<string, string>();
  for (let index = 0; index < instruments.length; index += 100) {
    const symbols = instruments.slice(index, index + 100).map(({ symbol }) => symbol);
    const { quotes } = await clients.market.listQuotes({ symbols });
    for (const quote of quotes) last.set(quote.symbol, quote.lastPrice);
  }
  return new Map(
    instruments.map((instrument) => {
      const text = last.get(instrument.symbol) ?? '';
      const ticks = text === '' ? 0 : Number(parseDecimal(text, PRICE_SCALE) / instrument.tickMicros);
      const anchor = instrument.referenceTicks;
      return [instrument.symbol, startFairPrice(ticks > 0 ? ticks : anchor, anchor)];
    }),
  );
}
