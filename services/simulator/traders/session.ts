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
import { runMarketMaker } from './market-maker.ts';
import { createOrderBookKeeper, type OrderBookKeeper } from './order-book-keeper.ts';
import { createPace, type Pace } from './pace.ts';
import { runTaker } from './taker.ts';

/** What a session needs. */
export type SessionOptions = {
  clients: SimulatorClients;
  seed: number;
  commandsPerSecondMax: number;
  makers: number;
  takers: number;
  clock: Clock;
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
  const instruments = await listInstruments(options.clients);
  const fairPrices = await startPrices(options.clients, instruments);
  const pace = createPace(options.commandsPerSecondMax, options.clock);
  const names = [
    ...Array.from({ length: options.makers }, (_, index) => `maker-${index + 1}`),
    ...Array.from({ length: options.takers }, (_, index) => `taker-${index + 1}`),
  ];
  const traders = names.map((name) => runTrader(name, { ...options, signal }, { instruments, fairPrices, pace }));
  try {
    await Promise.all(traders);
  } finally {
    stop.abort();
    await Promise.allSettled(traders);
  }
}

type Shared = { instruments: HouseInstrument[]; fairPrices: Map<string, FairPrice>; pace: Pace };

async function runTrader(name: string, options: SessionOptions, shared: Shared): Promise<void> {
  const { clients, clock, metrics, signal } = options;
  const { instruments } = shared;
  const account = await openHouseAccount(clients, name);
  let held = await account.fund(instruments);
  const random = createRandom(seedFor(options.seed, name));
  const orders = createHouseOrders({ clients, account, pace: shared.pace, clock, metrics, signal });
  const trader = { instruments, orders, random, clock, signal, heldLots: () => held };
  const refund = (): Promise<void> =>
    fundPeriodically(account, instruments, options, (lots) => {
      held = lots;
    });
  if (name.startsWith('taker')) {
    await Promise.all([refund(), runTaker(trader)]);
    return;
  }
  const keeper = createOrderBookKeeper(new Map(instruments.map((one) => [one.symbol, one])));
  // What an earlier run left in the books is taken out first: its prices are old.
  await clients.orders.cancelAllOrders({}, { userToken: await account.token(), signal });
  // All loops begin here: the rejection of one that began before the call above, at an abort meanwhile, would be unhandled.
  await Promise.all([
    refund(),
    followOrders(clients, account, keeper, options),
    runMarketMaker({ ...trader, fairPrices: shared.fairPrices, keeper }),
  ]);
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

async function listInstruments(clients: SimulatorClients): Promise<HouseInstrument[]> {
  const found: Instrument[] = [];
  let pageToken = '';
  do {
    const page = await clients.market.listInstruments({ pageSize: 200, pageToken });
    found.push(...page.instruments);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return found.filter(({ state }) => state !== TradingState.DELISTED).map(houseInstrument);
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
