/** What a house trader needs to know of an instrument. Prices are ticks, quantities lots. */

/** The terms of an instrument. */
export type HouseInstrument = {
  symbol: string;
  /** Millionths of the currency in one tick. */
  tickMicros: bigint;
  /** Millionths of a share in one lot. */
  lotMicros: bigint;
  referenceTicks: number;
};

// What one quote is worth: large enough to trade against, small enough that a person can move the price.
const quoteValueMicros = 3_000n * 1_000_000n;
const microsPerShare = 1_000_000n;

/** Lots of one quote at a price, at least 1; whole shares when it is worth one. */
export function quoteLots(instrument: HouseInstrument, priceTicks: number): number {
  const lotValueMicros = (BigInt(priceTicks) * instrument.tickMicros * instrument.lotMicros) / microsPerShare;
  const lots = Number(quoteValueMicros / lotValueMicros);
  const lotsPerShare = Number(microsPerShare / instrument.lotMicros);
  return Math.max(1, lots >= lotsPerShare && lotsPerShare > 0 ? lots - (lots % lotsPerShare) : lots);
}
