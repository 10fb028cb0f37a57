/** The candles of one symbol as indicators take them, oldest first. */

/** One candle. Prices and quantities are integers of scale 6. */
export type Bar = {
  readonly startMs: number;
  readonly high: bigint;
  readonly low: bigint;
  readonly close: bigint;
  /** Shares traded. */
  readonly volume: bigint;
  /** Average price of these shares; undefined: it is not known. */
  readonly averagePrice: bigint | undefined;
  /** Trades of the candle so far: of two forms of one candle the one with more is the later. */
  readonly tradeCount: bigint;
};

/**
 * Takes a candle in at its place, in place of an earlier form of itself, and forgets the oldest beyond `lengthMax`. Forms may come in any order,
 * from history and stream. Returns whether anything changed.
 */
export function putBar(bars: Bar[], added: Bar, lengthMax: number): boolean {
  let index = bars.length;
  while (index > 0 && (bars[index - 1] as Bar).startMs > added.startMs) index -= 1;
  const known = bars[index - 1];
  if (known?.startMs === added.startMs) {
    if (known.tradeCount >= added.tradeCount) return false;
    bars[index - 1] = added;
    return true;
  }
  if (index === 0 && bars.length >= lengthMax) return false;
  bars.splice(index, 0, added);
  if (bars.length > lengthMax) bars.shift();
  return true;
}
