/** A house trader that quotes both sides of every book. */
import { targetLots } from '../domain/house-size.ts';
import { type HouseInstrument, quoteLots } from '../domain/instrument.ts';
import { type QuoteChange, quoteChanges, wantedQuotes } from '../domain/quotes.ts';
import type { HouseOrders } from './house-orders.ts';
import type { OrderBookKeeper } from './order-book-keeper.ts';
import type { Pace } from './pace.ts';
import type { Phase } from './phases.ts';
import type { Trader } from './trader.ts';

/** What a market maker works with. */
export type MarketMakerOptions = {
  instruments: HouseInstrument[];
  /** What the house thinks a share is worth, in ticks. */
  fairTicks: (symbol: string) => number | undefined;
  orders: Pick<HouseOrders, 'quote' | 'cancel'>;
  keeper: OrderBookKeeper;
  /** Lots held by symbol, as last read. */
  heldLots: () => Map<string, number>;
  pace: Pace;
  /** What each book does with orders. */
  phaseOf: (symbol: string) => Phase;
};

const levels = 3;
const toleranceBps = 3;
const basisPoints = 10_000;

/**
 * Replaces quotes that have become too far from where they should be, and no others. When the pace does not permit all, the books that
 * were left out come first in the next round.
 */
export function createMarketMaker(options: MarketMakerOptions): Trader {
  const { instruments, orders, keeper, pace, phaseOf } = options;
  let first = 0;
  const send = async (instrument: HouseInstrument, change: QuoteChange): Promise<void> => {
    const order = await ('cancel' in change
      ? orders.cancel(change.cancel.orderId)
      : orders.quote(instrument, change.place, phaseOf(instrument.symbol)));
    if (order !== undefined) keeper.take(order);
  };
  return {
    async act() {
      const sent: Promise<void>[] = [];
      const begin = first;
      for (let visited = 0; visited < instruments.length; visited += 1) {
        const index = (begin + visited) % instruments.length;
        const instrument = instruments[index] as HouseInstrument;
        const changes = changesOf(instrument, options);
        if (changes.length > 0 && !pace.tryTake(changes.length)) {
          first = index;
          break;
        }
        sent.push(...changes.map((change) => send(instrument, change)));
      }
      await Promise.all(sent);
    },
  };
}

function changesOf(instrument: HouseInstrument, options: MarketMakerOptions): QuoteChange[] {
  const { fairTicks, heldLots, keeper, phaseOf } = options;
  // What rests stays until the book takes orders again.
  if (phaseOf(instrument.symbol) === 'closed') return [];
  const fair = fairTicks(instrument.symbol);
  if (fair === undefined) return [];
  const lots = quoteLots(instrument, fair);
  const held = heldLots().get(instrument.symbol) ?? targetLots(lots);
  const wanted = wantedQuotes({ fairTicks: fair, levels, lots, excessLots: held - targetLots(lots) });
  const tolerance = Math.max(1, Math.floor((fair * toleranceBps) / basisPoints));
  return quoteChanges(keeper.resting(instrument.symbol), wanted, tolerance);
}
