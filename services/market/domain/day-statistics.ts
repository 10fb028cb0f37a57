/** What is told of the last 24 hours: the price to compare with, and the volume. */
import type { CandleTrade } from './candle.ts';

/** What the written candles say, and up to which feed sequence. */
export type DayBase = {
  throughSequence: bigint;
  /** Price 24 hours ago, or the first since; undefined without a trade. */
  referenceTicks: bigint | undefined;
  volumeLots: bigint;
};

/** A base of no history at all. */
export const emptyDayBase: DayBase = { throughSequence: 0n, referenceTicks: undefined, volumeLots: 0n };

/** Trades that the written candles did not have yet when they were read last, oldest first and bounded. */
export type RecentTrades = {
  readonly trades: readonly CandleTrade[];
  /** Lots of all of them. */
  readonly volumeLots: bigint;
  /** Beyond `lengthMax` the oldest is forgotten; it is told again with the next base. */
  add(trade: CandleTrade): void;
  /** Forgets what a new base has. */
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
      const kept = trades.findIndex((trade) => trade.sequence > sequence);
      dropFirst(kept === -1 ? trades.length : kept);
    },
  };
}

/** Base and recent trades together; `recent` has nothing that the base has. */
export function dayStatistics(
  base: DayBase,
  recent: RecentTrades,
): { referenceTicks: bigint | undefined; volumeLots: bigint } {
  return {
    referenceTicks: base.referenceTicks ?? recent.trades[0]?.priceTicks,
    volumeLots: base.volumeLots + recent.volumeLots,
  };
}
