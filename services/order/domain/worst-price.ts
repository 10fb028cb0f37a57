/** The worst price of orders whose owners state none. */
import { greater, lesser } from '#platform/money/extremes.ts';
import { gridMax } from '#platform/money/grid.ts';
import { mulDiv } from '#platform/money/rounding.ts';
import type { Instrument } from './instrument.ts';
import type { Side } from './order.ts';
import { beyondTicks, type MarketPrices, protectionPriceTicks } from './protection-price.ts';
import type { SpecialTerms } from './special-terms.ts';
import type { Terms } from './terms.ts';

/** What it follows from. */
export type WorstPriceInput = {
  terms: Pick<Terms, 'type' | 'side'>;
  specials: SpecialTerms | undefined;
  instrument: Instrument;
  /** Needed for market orders and trailing stops only. */
  prices: MarketPrices | undefined;
  /** How far beyond the market, or the stop price, it may trade, in basis points. */
  collarBps: number;
};

const bpsPerUnit = 10_000n;

/**
 * The worst price in ticks of an order without a limit: of a market order its protection price, of a stop `collarBps` beyond its stop price, of a
 * trailing stop beyond its first stop price. It is frozen with the order, so what it holds is known before it waits. Undefined where the
 * market has no price that it could follow from.
 */
export function worstPriceTicks(input: WorstPriceInput): bigint | undefined {
  const { terms, specials, instrument, prices, collarBps } = input;
  if (terms.type === 'market') return prices && protectionPriceTicks(instrument, terms.side, prices, collarBps);
  const stopTicks = specials?.stopTicks ?? (prices && firstStopTicks(instrument, terms.side, prices, specials));
  return stopTicks === undefined ? undefined : beyondTicks(stopTicks, terms.side, collarBps);
}

/**
 * The prices by which an exit of a list is priced: it begins to trail when its entry trades, so its first stop price follows from the last trade or
 * from what the entry may trade at, whichever leaves it more room.
 */
export function exitPrices(
  side: Side,
  prices: MarketPrices,
  entry: { priceTicks: bigint; specials: SpecialTerms | undefined },
): MarketPrices {
  const starts = [prices.lastTicks, entry.priceTicks, entry.specials?.stopTicks].filter(
    (ticks): ticks is bigint => ticks !== undefined && ticks > 0n,
  );
  return { ...prices, lastTicks: starts.length === 0 ? undefined : starts.reduce(side === 'sell' ? lesser : greater) };
}

/** Where the stop price of a trailing stop begins (rulebook R19): by the last trade, before the first one by the price at the listing. */
function firstStopTicks(
  { referencePriceTicks }: Instrument,
  side: Side,
  { lastTicks }: MarketPrices,
  { trailTicks, trailBps = 0 }: SpecialTerms = {},
): bigint | undefined {
  const reference = lastTicks ?? referencePriceTicks;
  if (reference === 0n) return undefined;
  const bps = BigInt(trailBps);
  if (side === 'sell') {
    return greater(0n, trailTicks ? reference - trailTicks : mulDiv(reference, bpsPerUnit - bps, bpsPerUnit, 'floor'));
  }
  return lesser(gridMax, trailTicks ? reference + trailTicks : mulDiv(reference, bpsPerUnit + bps, bpsPerUnit, 'ceil'));
}
