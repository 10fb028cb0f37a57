/** A house trader that quotes both sides of every book. */
import { type FairPrice, stepFairPrice } from '../domain/fair-price.ts';
import { targetLots } from '../domain/house-size.ts';
import { type HouseInstrument, quoteLots } from '../domain/instrument.ts';
import { quoteChanges, wantedQuotes } from '../domain/quotes.ts';
import type { Random } from '../domain/random.ts';
import type { Clock } from './clock.ts';
import type { HouseOrders } from './house-orders.ts';
import type { OrderBookKeeper } from './order-book-keeper.ts';

/** What a market maker works with. */
export type MarketMakerOptions = {
  instruments: HouseInstrument[];
  /** The walk of each symbol, shared by all makers. */
  fairPrices: Map<string, FairPrice>;
  orders: HouseOrders;
  keeper: OrderBookKeeper;
  /** Lots held by symbol, as last read. */
  heldLots: () => Map<string, number>;
  random: Random;
  clock: Clock;
  signal: AbortSignal;
};

const levels = 3;
const roundMs = 250;
const toleranceBps = 3;
const basisPoints = 10_000;

/** Goes from book to book until the signal aborts; each visit is one step of that book's walk. */
export async function runMarketMaker(options: MarketMakerOptions): Promise<void> {
  const visitMs = roundMs / Math.max(1, options.instruments.length);
  while (!options.signal.aborted) {
    for (const instrument of options.instruments) {
      await visit(instrument, options);
      await options.clock.sleep(visitMs, options.signal);
    }
  }
}

async function visit(instrument: HouseInstrument, options: MarketMakerOptions): Promise<void> {
  const { fairPrices, orders, keeper, random } = options;
  const last = fairPrices.get(instrument.symbol);
  if (last === undefined) return;
  const fair = stepFairPrice(last, random);
  fairPrices.set(instrument.symbol, fair);
  const lots = quoteLots(instrument, fair.ticks);
  const held = options.heldLots().get(instrument.symbol) ?? targetLots(lots);
  const wanted = wantedQuotes({ fairTicks: fair.ticks, levels, lots, excessLots: held - targetLots(lots) });
  const tolerance = Math.max(1, Math.floor((fair.ticks * toleranceBps) / basisPoints));
  for (const change of quoteChanges(keeper.resting(instrument.symbol), wanted, tolerance)) {
    const order =
      'cancel' in change ? await orders.cancel(change.cancel.orderId) : await orders.quote(instrument, change.place);
    if (order !== undefined) keeper.take(order);
  }
}
