/** The closes of one symbol's candles, oldest first. */

/** One close. Prices are integers of scale 6. */
export type Close = {
  readonly startMs: number;
  readonly close: bigint;
  /** Trades of the candle so far: of two forms of one candle the one with more is the later. */
  readonly tradeCount: bigint;
};

/**
 * Takes a close in at its place, in place of an earlier form of the same candle, and forgets the oldest beyond `lengthMax`. Forms may
 * come in any order, from history and stream. Returns whether anything changed.
 */
export function putClose(closes: Close[], added: Close, lengthMax: number): boolean {
  let index = closes.length;
  while (index > 0 && (closes[index - 1] as Close).startMs > added.startMs) index -= 1;
  const known = closes[index - 1];
  if (known?.startMs === added.startMs) {
    if (known.tradeCount >= added.tradeCount) return false;
    closes[index - 1] = added;
    return true;
  }
  if (index === 0 && closes.length >= lengthMax) return false;
  closes.splice(index, 0, added);
  if (closes.length > lengthMax) closes.shift();
  return true;
}
