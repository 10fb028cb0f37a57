/** The lengths of candles that are made of several intervals. */
import { type CandleInterval, intervalMs } from './candle.ts';

/** A length: so many intervals. */
export type Span = { interval: CandleInterval; multiple: number };

/** The most intervals that one candle may cover: less than the next length, and up to a month of days. */
export const multipleMax: Record<CandleInterval, number> = { '1s': 59, '1m': 59, '5m': 11, '1h': 23, '1d': 31 };

/** A Monday at midnight UTC, in Unix milliseconds, from which spans are counted: so seven days are a week. */
export const firstSpanMs = Date.UTC(1970, 0, 5);

/** The length in milliseconds. */
export function spanMs({ interval, multiple }: Span): number {
  return intervalMs[interval] * multiple;
}

/** The start of the first span that begins at the moment or later, in Unix milliseconds. */
export function nextStart(span: Span, timeMs: number): number {
  const lengthMs = spanMs(span);
  return firstSpanMs + Math.ceil((timeMs - firstSpanMs) / lengthMs) * lengthMs;
}
