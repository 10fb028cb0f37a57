/** Candles as the chart draws them, and how a trade changes them. Numbers here are places on a screen; money is never computed from them. */
import { type Candle, CandleInterval, type Trade } from '#gen/outcry/market/v1/market_pb.ts';
import { toNumber } from '../../figures/decimal.ts';
import { millisOf } from '../../figures/time-text.ts';
import type { TimeFrame } from '../../router/route.ts';

/** A bar of the chart; time in seconds. */
export type Bar = { time: number; open: number; high: number; low: number; close: number; volume: number };

/** How a time frame is asked for, and how long one candle is. */
export const frames: Record<TimeFrame, { interval: CandleInterval; multiple: number; seconds: number }> = {
  '1s': { interval: CandleInterval.CANDLE_INTERVAL_1S, multiple: 1, seconds: 1 },
  '1m': { interval: CandleInterval.CANDLE_INTERVAL_1M, multiple: 1, seconds: 60 },
  '5m': { interval: CandleInterval.CANDLE_INTERVAL_5M, multiple: 1, seconds: 300 },
  '15m': { interval: CandleInterval.CANDLE_INTERVAL_1M, multiple: 15, seconds: 900 },
  '1h': { interval: CandleInterval.CANDLE_INTERVAL_1H, multiple: 1, seconds: 3_600 },
  '1d': { interval: CandleInterval.CANDLE_INTERVAL_1D, multiple: 1, seconds: 86_400 },
};

/** The bar of a candle. */
export function barOf(candle: Candle): Bar {
  const [open, high, low, close] = [candle.open, candle.high, candle.low, candle.close].map(toNumber);
  return {
    time: Math.floor((millisOf(candle.startTime) ?? 0) / 1_000),
    open: open ?? 0,
    high: high ?? 0,
    low: low ?? 0,
    close: close ?? 0,
    volume: toNumber(candle.volume),
  };
}

/** The last bar with a trade in it, or the bar that the trade begins; undefined for a trade before the last bar. */
export function barWith(last: Bar | undefined, trade: Trade, seconds: number): Bar | undefined {
  const price = toNumber(trade.price);
  const quantity = toNumber(trade.quantity);
  const time = Math.floor((millisOf(trade.time) ?? 0) / 1_000 / seconds) * seconds;
  if (last === undefined || time > last.time) {
    return { time, open: price, high: price, low: price, close: price, volume: quantity };
  }
  if (time < last.time) return undefined;
  return {
    ...last,
    high: Math.max(last.high, price),
    low: Math.min(last.low, price),
    close: price,
    volume: last.volume + quantity,
  };
}

/** Bars that are read at first, and those that may come to them before the oldest go. */
export const [barsRead, barsAdded] = [600, 100];

/** The bars with one at their end, new or in place of an earlier form; when there are too many, only the newest `barsRead` of them. */
export function barsWith(bars: readonly Bar[], bar: Bar): readonly Bar[] {
  const rest = bars.at(-1)?.time === bar.time ? bars.slice(0, -1) : bars;
  const all = [...rest, bar];
  return all.length > barsRead + barsAdded ? all.slice(-barsRead) : all;
}
