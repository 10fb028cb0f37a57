/** Best prices of the past: at most one row a symbol and second. */

/** The best price of a side and its lots. */
export type BestPrice = { priceTicks: bigint; quantityLots: bigint };

/** The best prices of a symbol from a time on, Unix ms; undefined: the side was empty. */
export type PastQuote = { symbol: string; timeMs: number; bid: BestPrice | undefined; ask: BestPrice | undefined };

/** The second of a time, Unix ms: of each only the last quote is stored. */
export function secondOf(timeMs: number): number {
  return timeMs - (timeMs % 1_000);
}

/** Whether two quotes have the same prices and lots. */
export function isSameQuote(one: PastQuote, other: PastQuote): boolean {
  return isSamePrice(one.bid, other.bid) && isSamePrice(one.ask, other.ask);
}

function isSamePrice(one: BestPrice | undefined, other: BestPrice | undefined): boolean {
  return one?.priceTicks === other?.priceTicks && one?.quantityLots === other?.quantityLots;
}
