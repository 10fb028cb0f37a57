import { type Candle, type CandleInterval, candleIntervals, intervalMs } from '../domain/candle.ts';

/** A row of the table `candle`. */
export type CandleRow = {
  symbol: string;
  interval_ms: number;
  start_ms: bigint;
  open_ticks: bigint;
  high_ticks: bigint;
  low_ticks: bigint;
  close_ticks: bigint;
  volume_lots: bigint;
  trade_count: bigint;
  /** A numeric; null, as the next, in rows of an earlier release. */
  turnover: string | null;
  priced_lots: bigint | null;
};

const intervals = new Map<number, CandleInterval>(candleIntervals.map((interval) => [intervalMs[interval], interval]));

/** The row as a candle. */
export function candleOfRow(row: CandleRow): Candle {
  return {
    symbol: row.symbol,
    interval: intervals.get(row.interval_ms) ?? '1m',
    startMs: Number(row.start_ms),
    open: row.open_ticks,
    high: row.high_ticks,
    low: row.low_ticks,
    close: row.close_ticks,
    volumeLots: row.volume_lots,
    tradeCount: row.trade_count,
    turnover: BigInt(row.turnover ?? 0),
    pricedLots: row.priced_lots ?? 0n,
    sequence: 0n,
  };
}
