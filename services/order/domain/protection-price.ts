import { gridMax } from '#platform/money/grid.ts';
import { mulDiv } from '#platform/money/rounding.ts';
import type { Instrument } from './instrument.ts';
import type { Side } from './order.ts';

/** Prices of a symbol in ticks; undefined where there is none. */
export type MarketPrices = {
  bidTicks: bigint | undefined;
  askTicks: bigint | undefined;
  lastTicks: bigint | undefined;
  /** Whether orders may trade at the moment. */
  halted: boolean;
};

const bpsPerUnit = 10_000n;

/**
 * The worst price in ticks at which a market order may trade: `collarBps` beyond the best opposite quote, else beyond the
 * last trade, rounded to the tick towards the market, and inside the book's price band as it is known here. Should the band be narrower
 * when the order arrives, the book takes its edge instead. Undefined when the market has neither price.
 */
export function protectionPriceTicks(
  instrument: Instrument,
  side: Side,
  prices: MarketPrices,
  collarBps: number,
): bigint | undefined {
  const start = marketTicks(side, prices);
  if (start === undefined) return undefined;
  const worst = beyondTicks(start, side, collarBps);
  if (instrument.bandBps === 0) return worst;
  const bandEdge = beyondTicks(prices.lastTicks ?? instrument.referencePriceTicks, side, instrument.bandBps);
  return side === 'buy' ? min(worst, bandEdge) : max(worst, bandEdge);
}

/** The price at which an order of a side would trade first: the best opposite quote, else that of the last trade. */
export function marketTicks(side: Side, { bidTicks, askTicks, lastTicks }: MarketPrices): bigint | undefined {
  return (side === 'buy' ? askTicks : bidTicks) ?? lastTicks;
}

/** The price `bps` basis points on the worse side of another, rounded to the tick towards it and within 1 and the greatest of a book. */
export function beyondTicks(ticks: bigint, side: Side, bps: number): bigint {
  if (side === 'buy') return min(gridMax, mulDiv(ticks, bpsPerUnit + BigInt(bps), bpsPerUnit, 'floor'));
  return max(1n, mulDiv(ticks, bpsPerUnit - BigInt(bps), bpsPerUnit, 'ceil'));
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
