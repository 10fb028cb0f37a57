/** A house trader that takes what is quoted, so that prices are those of trades. */
import { targetLots } from '../domain/house-size.ts';
import { type HouseInstrument, quoteLots } from '../domain/instrument.ts';
import type { QuoteSide } from '../domain/quotes.ts';
import type { Random } from '../domain/random.ts';
import type { HouseOrders } from './house-orders.ts';
import type { Pace } from './pace.ts';
import type { Phase } from './phases.ts';
import type { Trader } from './trader.ts';

/** What a taker works with. */
export type TakerOptions = {
  instruments: HouseInstrument[];
  orders: Pick<HouseOrders, 'take' | 'bid'>;
  /** What the house thinks a share is worth, in ticks. */
  fairTicks: (symbol: string) => number | undefined;
  heldLots: () => Map<string, number>;
  random: Random;
  pace: Pace;
  /** What each book does with orders. */
  phaseOf: (symbol: string) => Phase;
};

/** It acts in three of four rounds. */
const activity = { numerator: 3, denominator: 4 };
/** How far beyond the fair price it goes in an auction, whose price is that of all orders together: beyond all quotes. */
const auctionReachBps = 20;
const basisPoints = 10_000;

/** Takes up to half a quote of a random instrument in most rounds; in an auction it asks for as much there. */
export function createTaker(options: TakerOptions): Trader {
  const { instruments, orders, fairTicks, heldLots, random, pace, phaseOf } = options;
  return {
    async act() {
      const isActive = random.chance(activity.numerator, activity.denominator);
      const instrument = instruments[random.integer(0, instruments.length - 1)];
      if (!isActive || instrument === undefined) return;
      const phase = phaseOf(instrument.symbol);
      const fair = fairTicks(instrument.symbol);
      // Before an auction it waits: what it places would stay for hours.
      if (phase === 'closed' || phase === 'collecting' || fair === undefined || !pace.tryTake(1)) return;
      const perQuote = quoteLots(instrument, instrument.referenceTicks);
      const held = heldLots().get(instrument.symbol) ?? 0;
      // As likely to sell as it holds more than its target, so that its inventory stays in bounds.
      const sells = random.chance(Math.min(2 * targetLots(perQuote), held), 2 * targetLots(perQuote));
      const side = sells ? 'sell' : 'buy';
      const lots = random.integer(1, Math.max(1, Math.floor(perQuote / 2)));
      if (phase === 'trading') await orders.take(instrument, side, lots);
      else await orders.bid(instrument, { side, lots, priceTicks: beyond(fair, side) }, phase);
    },
  };
}

function beyond(fairTicks: number, side: QuoteSide): number {
  const reach = Math.max(1, Math.floor((fairTicks * auctionReachBps) / basisPoints));
  return Math.max(1, side === 'buy' ? fairTicks + reach : fairTicks - reach);
}
