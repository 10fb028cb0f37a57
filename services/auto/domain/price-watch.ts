/** Conditions on prices, judged by the trades of the exchange's feed in order. Prices are in ticks of the book. */
import type { PriceTrigger } from './rule.ts';

/** A trade as a condition sees it. */
export type PricePoint = { symbol: string; sequence: bigint; priceTicks: bigint };

/** The terms of a book, and its last trade by the market. Prices are in millionths of the currency unit. */
export type BookFacts = {
  shard: number;
  tickMicros: bigint;
  /** Sequence of the last event of the book that the market has seen: all its trades until then are in the price. */
  sequence: bigint;
  /** Price of the last trade; undefined before the first. */
  lastPriceMicros: bigint | undefined;
};

/** A condition that waits for trades after a sequence of the feed. */
export type ArmedTrigger = {
  symbol: string;
  direction: PriceTrigger['direction'];
  thresholdTicks: bigint;
  armedSequence: bigint;
};

/** What was traded of a symbol: the lowest and the highest price, and the last trade. */
export type TradedRange = { symbol: string; lowTicks: bigint; highTicks: bigint; last: PricePoint };

/** The least price in ticks that reaches a threshold from below, or the greatest that reaches it from above. */
export function thresholdTicksOf({ direction, priceMicros }: PriceTrigger, tickMicros: bigint): bigint {
  const below = priceMicros / tickMicros;
  return direction === 'at-or-above' && below * tickMicros < priceMicros ? below + 1n : below;
}

/** Whether a price has reached the threshold. */
export function isReachedBy(
  { direction, thresholdTicks }: Pick<ArmedTrigger, 'direction' | 'thresholdTicks'>,
  priceTicks: bigint,
): boolean {
  return direction === 'at-or-above' ? priceTicks >= thresholdTicks : priceTicks <= thresholdTicks;
}

/** The first of the trades, which are in order, that fires the condition; undefined when none does. */
export function firstReaching(armed: ArmedTrigger, trades: readonly PricePoint[]): PricePoint | undefined {
  return trades.find(
    ({ symbol, sequence, priceTicks }) =>
      symbol === armed.symbol && sequence > armed.armedSequence && isReachedBy(armed, priceTicks),
  );
}

/** The range of each symbol of the trades, which are in order. */
export function rangesOf(trades: readonly PricePoint[]): TradedRange[] {
  const ranges = new Map<string, TradedRange>();
  for (const last of trades) {
    const { symbol, priceTicks } = last;
    const range = ranges.get(symbol);
    if (range === undefined) {
      ranges.set(symbol, { symbol, lowTicks: priceTicks, highTicks: priceTicks, last });
      continue;
    }
    range.last = last;
    if (priceTicks < range.lowTicks) range.lowTicks = priceTicks;
    else if (priceTicks > range.highTicks) range.highTicks = priceTicks;
  }
  return [...ranges.values()];
}
