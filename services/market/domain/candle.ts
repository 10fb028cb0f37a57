/** Candles: what trades did to the price within an interval. Prices are ticks and volumes lots. */

/** One trade of a candle. */
export type CandleTrade = {
  symbol: string;
  /** Position in the exchange's feed. */
  sequence: bigint;
  timeMs: number;
  priceTicks: bigint;
  quantityLots: bigint;
};

/** The lengths of candles. */
export const candleIntervals = ['1s', '1m', '5m', '1h', '1d'] as const;
/** Length of a candle; a day is a UTC day. */
export type CandleInterval = (typeof candleIntervals)[number];

/** Lengths in milliseconds. */
export const intervalMs: Record<CandleInterval, number> = {
  '1s': 1_000,
  '1m': 60_000,
  '5m': 300_000,
  '1h': 3_600_000,
  '1d': 86_400_000,
};

/** Prices of one interval; never changed in place. */
export type Candle = {
  readonly symbol: string;
  readonly interval: CandleInterval;
  /** Unix time, a whole number of intervals. */
  readonly startMs: number;
  readonly open: bigint;
  readonly high: bigint;
  readonly low: bigint;
  readonly close: bigint;
  readonly volumeLots: bigint;
  readonly tradeCount: bigint;
  /** Sum of price x lots over the trades that `pricedLots` counts. */
  readonly turnover: bigint;
  /** Lots in `turnover`; fewer than `volumeLots` where a release that did not sum them recorded a part. */
  readonly pricedLots: bigint;
  /** Feed sequence of its last trade; 0 when it was read from the database. */
  readonly sequence: bigint;
};

/** Start of the interval that the moment lies in. */
export function startOf(interval: CandleInterval, timeMs: number): number {
  return timeMs - (timeMs % intervalMs[interval]);
}

/** The candle of one trade alone. */
export function candleOf(interval: CandleInterval, trade: CandleTrade): Candle {
  const { symbol, sequence, timeMs, priceTicks: price, quantityLots: volumeLots } = trade;
  const prices = { open: price, high: price, low: price, close: price };
  const sums = { volumeLots, tradeCount: 1n, turnover: price * volumeLots, pricedLots: volumeLots };
  return { symbol, interval, startMs: startOf(interval, timeMs), ...prices, ...sums, sequence };
}

/** Two parts of one interval as one candle, with the close of the later part. */
export function mergeCandles(earlier: Candle, later: Candle): Candle {
  return {
    ...earlier,
    high: greater(earlier.high, later.high),
    low: smaller(earlier.low, later.low),
    close: later.close,
    volumeLots: earlier.volumeLots + later.volumeLots,
    tradeCount: earlier.tradeCount + later.tradeCount,
    turnover: earlier.turnover + later.turnover,
    pricedLots: earlier.pricedLots + later.pricedLots,
    sequence: later.sequence,
  };
}

/**
 * The running candle after a trade: the same one grown, or a new one when the trade begins a later interval. A trade of an
 * earlier interval leaves the running candle as it is.
 */
export function addTrade(running: Candle | undefined, interval: CandleInterval, trade: CandleTrade): Candle {
  const single = candleOf(interval, trade);
  if (running === undefined || single.startMs > running.startMs) return single;
  return single.startMs === running.startMs ? mergeCandles(running, single) : running;
}

/** What a run of trades, in feed order, adds to the candles of every interval: one part for each symbol, interval and start. */
export function candlesOf(trades: readonly CandleTrade[]): Candle[] {
  const parts = new Map<string, Candle>();
  for (const trade of trades) {
    for (const interval of candleIntervals) {
      const single = candleOf(interval, trade);
      const key = `${trade.symbol} ${interval} ${single.startMs}`;
      const part = parts.get(key);
      parts.set(key, part === undefined ? single : mergeCandles(part, single));
    }
  }
  return [...parts.values()];
}

function greater(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}

function smaller(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}
