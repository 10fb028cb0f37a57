/** Which candle a key leads to. */
import type { Bar } from './candle-bars.ts';

/** The candle after a key, from the one that begins at `time`, or from the newest; undefined: the key leads nowhere, or there is none. */
export function barAfterKey(bars: readonly Bar[], time: number | undefined, key: string): Bar | undefined {
  const last = bars.length - 1;
  const found = bars.findIndex((bar) => bar.time === time);
  const from = found === -1 ? last : found;
  const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: last, Enter: from }[key];
  if (to === undefined) return undefined;
  return bars[Math.max(0, Math.min(last, to))];
}
