import { type FeeTerms, valueForAmount } from '#platform/money/fees.ts';
import { amountMax, gridMax } from '#platform/money/grid.ts';
import { lotsForAmount } from './fees.ts';
import type { Instrument } from './instrument.ts';
import { valueMicros } from './order.ts';
import { beyondTicks, type MarketPrices, marketTicks } from './protection-price.ts';

/** What an order by amount may buy. */
export type PricedAmount = {
  /** Lots that the amount buys at the market's price of the moment, greatest fee included. */
  estimatedLots: bigint;
  /** Lots that it may buy at most. */
  quantityLots: bigint;
  /** Value that it may trade at most, in micros: with its greatest fee it is within the amount. */
  notionalMicros: bigint;
  /** Value of a lot at the market's price, in micros. */
  lotCostMicros: bigint;
};

/** The lots of an amount by the market of the moment, which must have a price. */
export function priceAmount(
  instrument: Instrument,
  amountMicros: bigint,
  by: { fees: FeeTerms; prices: MarketPrices; collarBps: number },
): PricedAmount {
  const { fees, prices, collarBps } = by;
  const bestTicks = marketTicks('buy', prices) ?? gridMax;
  const lotCostMicros = valueMicros(instrument, 1n, bestTicks);
  const valueMax = valueForAmount(fees, amountMicros);
  // Should the price fall before the order arrives, the amount buys more: by as much as it may cost more where the price rises.
  const lowTicks = beyondTicks(bestTicks, 'sell', collarBps);
  return {
    estimatedLots: lotsForAmount(fees, amountMicros, lotCostMicros),
    quantityLots: least(valueMax / lowTicks, gridMax, amountMax / instrument.lotMicros),
    notionalMicros: valueMax * instrument.tickLotMicros,
    lotCostMicros,
  };
}

function least(first: bigint, ...others: bigint[]): bigint {
  let lowest = first;
  for (const other of others) if (other < lowest) lowest = other;
  return lowest;
}
