/** Candles of several intervals, made from the candles of one interval as these change. */
import { type Bar, putBar } from '../domain/bar-series.ts';
import { type Span, spanStartMs } from '../domain/span.ts';

/** Takes a form of a candle of one interval; returns the candle that it is in, of all intervals that have come. */
export type BarCombiner = (part: Bar) => Bar;

/**
 * A combiner that holds the parts of the newest two candles. Of a candle whose parts have not all come the form counts fewer trades than the market's
 * own, so that it never takes the place of it.
 */
export function createBarCombiner(span: Span): BarCombiner {
  if (span.multiple === 1) return (part) => part;
  const parts: Bar[] = [];
  return (part) => {
    putBar(parts, part, 2 * span.multiple);
    const startMs = spanStartMs(span, part.startMs);
    const own = parts.filter((each) => spanStartMs(span, each.startMs) === startMs);
    return combined(startMs, own.length > 0 ? own : [part]);
  };
}

function combined(startMs: number, parts: readonly Bar[]): Bar {
  const sum = (part: (bar: Bar) => bigint) => parts.reduce((total, bar) => total + part(bar), 0n);
  const volume = sum((bar) => bar.volume);
  let { high, low } = parts[0] as Bar;
  for (const bar of parts) {
    if (bar.high > high) high = bar.high;
    if (bar.low < low) low = bar.low;
  }
  const isKnown = volume > 0n && parts.every(({ averagePrice }) => averagePrice !== undefined);
  return {
    startMs,
    high,
    low,
    close: (parts.at(-1) as Bar).close,
    volume,
    averagePrice: isKnown ? sum((bar) => (bar.averagePrice ?? 0n) * bar.volume) / volume : undefined,
    tradeCount: sum((bar) => bar.tradeCount),
  };
}
