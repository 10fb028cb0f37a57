/** One side of a public book: its price levels, best first. */

/** One price level; never changed in place. */
export type Level = { readonly priceTicks: bigint; readonly quantityLots: bigint; readonly orderCount: number };

/** The levels of one side. */
export type BookSide = {
  /** Best first. */
  readonly levels: readonly Level[];
  /** Puts the level at its place; one without lots goes away. Returns the level that was there. */
  set(level: Level): Level | undefined;
};

/** An empty bid side (highest price first) or ask side (lowest price first), or one with `levels`, best first. */
export function createBookSide(side: 'bid' | 'ask', levels: readonly Level[] = []): BookSide {
  const sorted: Level[] = [...levels];
  const isBetter = side === 'bid' ? (a: bigint, b: bigint) => a > b : (a: bigint, b: bigint) => a < b;
  return {
    levels: sorted,
    set(level) {
      let low = 0;
      let high = sorted.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (isBetter((sorted[middle] as Level).priceTicks, level.priceTicks)) low = middle + 1;
        else high = middle;
      }
      const known = sorted[low]?.priceTicks === level.priceTicks ? sorted[low] : undefined;
      if (level.quantityLots > 0n) sorted.splice(low, known === undefined ? 0 : 1, level);
      else if (known !== undefined) sorted.splice(low, 1);
      return known;
    },
  };
}
