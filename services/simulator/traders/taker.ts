/** A house trader that takes what is quoted, so that prices are those of trades. */
import { targetLots } from '../domain/house-size.ts';
import { type HouseInstrument, quoteLots } from '../domain/instrument.ts';
import type { Random } from '../domain/random.ts';
import type { Clock } from './clock.ts';
import type { HouseOrders } from './house-orders.ts';

/** What a taker works with. */
export type TakerOptions = {
  instruments: HouseInstrument[];
  orders: HouseOrders;
  heldLots: () => Map<string, number>;
  random: Random;
  clock: Clock;
  signal: AbortSignal;
};

const waitMs = { min: 150, max: 650 };

/** Takes up to half a quote of a random instrument, again and again, until the signal aborts. */
export async function runTaker({ instruments, orders, heldLots, random, clock, signal }: TakerOptions): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(random.integer(waitMs.min, waitMs.max), signal);
    const instrument = instruments[random.integer(0, instruments.length - 1)];
    if (instrument === undefined) continue;
    const perQuote = quoteLots(instrument, instrument.referenceTicks);
    const held = heldLots().get(instrument.symbol) ?? 0;
    // As likely to sell as it holds more than its target, so that its inventory stays in bounds.
    const sells = random.chance(Math.min(2 * targetLots(perQuote), held), 2 * targetLots(perQuote));
    await orders.take(instrument, sells ? 'sell' : 'buy', random.integer(1, Math.max(1, Math.floor(perQuote / 2))));
  }
}
