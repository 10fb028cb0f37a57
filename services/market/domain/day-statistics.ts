/** The statistics of the last 24 hours: the price to compare with, and the volume. */
import type { CandleTrade } from './candle.ts';

/** The statistics from the stored candles, and up to which feed sequence. */
export type DayBase = {
  throughSequence: bigint;
  /** Price 24 hours ago, or the first since; undefined without a trade. */
  referenceTicks: bigint | undefined;
  volumeLots: bigint;
};

/** A base of no history at all. */
export const emptyDayBase: DayBase = { throughSequence: 0n, referenceTicks: undefined, volumeLots: 0n };

/** Trades that the stored candles did not have yet when they were last read, oldest first and bounded. */
export type RecentTrades = {
  readonly trades: readonly CandleTrade[];
  /** Lots of all of them. */
  readonly volumeLots: bigint;
  /** Beyond `lengthMax` the oldest are dropped; the next base includes them. */
  add(trade: CandleTrade): void;
  /** Drops the trades that a new base includes. */
  dropThrough(sequence: bigint): void;
};

/** No trades yet. `lengthMax` bounds them. */
export function createRecentTrades(lengthMax: number): RecentTrades {
  const trades: CandleTrade[] = [];
  let volumeLots = 0n;
  const dropFirst = (count: number) => {
    for (const { quantityLots } of trades.splice(0, count)) volumeLots -= quantityLots;
  };
  return {
    trades,
    get volumeLots() {
      return volumeLots;
    },
    add(trade) {
      trades.push(trade);
      volumeLots += trade.quantityLots;
      // In halves: shifting one at a time would copy the list at each trade.
      if (trades.length > lengthMax) dropFirst(trades.length - Math.ceil(lengthMax / 2));
    },
    dropThrough(sequence) {
      const first = trades.findIndex((trade) => trade.sequence > sequence);
      dropFirst(first === -1 ? trades.length : first);
    },
  };
}

/** Base and recent trades together; `recent` includes no trade of the base. */
export function dayStatistics(
  base: DayBase,
  recent: RecentTrades,
): { referenceTicks: bigint | undefined; volumeLots: bigint } {
  return {
    referenceTicks: base.referenceTicks ?? recent.trades[0]?.priceTicks,
    volumeLots: base.volumeLots + recent.volumeLots,
  };
}
