/** The lengths of candles. */

/** A length: so many intervals of so many ms. */
export type Span = { intervalMs: number; multiple: number };

// A Monday at midnight UTC: the market counts from it.
const firstSpanMs = Date.UTC(1970, 0, 5);

/** The length in ms. */
export function spanMs({ intervalMs, multiple }: Span): number {
  return intervalMs * multiple;
}

/** The start of the candle that a moment is in, in Unix ms. */
export function spanStartMs(span: Span, timeMs: number): number {
  const lengthMs = spanMs(span);
  return firstSpanMs + Math.floor((timeMs - firstSpanMs) / lengthMs) * lengthMs;
}
