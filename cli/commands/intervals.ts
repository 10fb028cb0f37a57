import { CandleInterval } from '#gen/outcry/market/v1/market_pb.ts';

/** The lengths of candles by their words. */
export const intervals: Readonly<Record<string, CandleInterval>> = {
  '1s': CandleInterval.CANDLE_INTERVAL_1S,
  '1m': CandleInterval.CANDLE_INTERVAL_1M,
  '5m': CandleInterval.CANDLE_INTERVAL_5M,
  '1h': CandleInterval.CANDLE_INTERVAL_1H,
  '1d': CandleInterval.CANDLE_INTERVAL_1D,
};

/** Lengths that are listed: so many intervals. */
export const spans: Readonly<Record<string, { interval: CandleInterval; multiple: number }>> = {
  ...Object.fromEntries(Object.entries(intervals).map(([word, interval]) => [word, { interval, multiple: 1 }])),
  '15m': { interval: CandleInterval.CANDLE_INTERVAL_5M, multiple: 3 },
  '30m': { interval: CandleInterval.CANDLE_INTERVAL_5M, multiple: 6 },
  '4h': { interval: CandleInterval.CANDLE_INTERVAL_1H, multiple: 4 },
  '1w': { interval: CandleInterval.CANDLE_INTERVAL_1D, multiple: 7 },
};
