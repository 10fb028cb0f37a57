/** Candles of several intervals, made from those of one. */
import { type Candle, type CandleInterval, intervalMs, mergeCandles } from './candle.ts';

/** How long combined candles are: so many intervals. */
export type Span = { interval: CandleInterval; multiple: number };

/** The most intervals that one candle may cover: less than the next length, and up to a month of days. */
export const multipleMax: Record<CandleInterval, number> = { '1s': 59, '1m': 59, '5m': 11, '1h': 23, '1d': 31 };

// Spans are counted from a Monday at midnight UTC, so that seven days are a week.
const firstMs = Date.UTC(1970, 0, 5);

/** The start of the first combined candle that begins at the moment or later, in Unix milliseconds. */
export function nextStart({ interval, multiple }: Span, timeMs: number): number {
  const lengthMs = intervalMs[interval] * multiple;
  return firstMs + Math.ceil((timeMs - firstMs) / lengthMs) * lengthMs;
}

/** The start of the combined candle that the moment lies in. */
function startOfSpan({ interval, multiple }: Span, timeMs: number): number {
  const lengthMs = intervalMs[interval] * multiple;
  return firstMs + Math.floor((timeMs - firstMs) / lengthMs) * lengthMs;
}

/** The combined candles of candles that come symbol by symbol and in the order of their starts, in the same order. */
export function combineCandles(candles: readonly Candle[], span: Span, oldestFirst: boolean): Candle[] {
  const combined: Candle[] = [];
  for (const candle of candles) {
    const part = { ...candle, startMs: startOfSpan(span, candle.startMs) };
    const last = combined.at(-1);
    if (last?.symbol !== part.symbol || last.startMs !== part.startMs) combined.push(part);
    else combined[combined.length - 1] = oldestFirst ? mergeCandles(last, part) : mergeCandles(part, last);
  }
  return combined;
}
