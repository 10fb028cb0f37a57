/** A house trader that takes what is quoted, so that prices are those of trades. */
import { targetLots } from '../domain/house-size.ts';
import { type HouseInstrument, quoteLots } from '../domain/instrument.ts';
import type { Random } from '../domain/random.ts';
import type { HouseOrders } from './house-orders.ts';
import type { Pace } from './pace.ts';
import type { Phase } from './phases.ts';
import type { Trader } from './trader.ts';

/** What a taker works with. */
export type TakerOptions = {
  instruments: HouseInstrument[];
  orders: HouseOrders;
  heldLots: () => Map<string, number>;
  random: Random;
  pace: Pace;
  /** What each book does with orders. */
  phaseOf: (symbol: string) => Phase;
};

/** It acts in three of four rounds. */
const activity = { numerator: 3, denominator: 4 };

/** Takes up to half a quote of a random instrument in most rounds. */
export function createTaker({ instruments, orders, heldLots, random, pace, phaseOf }: TakerOptions): Trader {
  return {
    async act() {
      const isActive = random.chance(activity.numerator, activity.denominator);
      const instrument = instruments[random.integer(0, instruments.length - 1)];
      if (!isActive || instrument === undefined || phaseOf(instrument.symbol) !== 'trading') return;
      if (!pace.tryTake(1)) return;
      const perQuote = quoteLots(instrument, instrument.referenceTicks);
      const held = heldLots().get(instrument.symbol) ?? 0;
      // As likely to sell as it holds more than its target, so that its inventory stays in bounds.
      const sells = random.chance(Math.min(2 * targetLots(perQuote), held), 2 * targetLots(perQuote));
      await orders.take(instrument, sells ? 'sell' : 'buy', random.integer(1, Math.max(1, Math.floor(perQuote / 2))));
    },
  };
}
