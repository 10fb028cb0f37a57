/** How much a house account is given, and when it is topped up. */

/** Cash of a house account at the start and of each top-up, decimal. */
export const houseCash = '50000000.00';
/** Below this, in millionths of the currency, cash is topped up. */
export const houseCashMinMicros = 10_000_000_000_000n;
/** Quotes' worth of shares that a house account holds of each instrument when all is even. */
export const targetQuotes = 200;

/** Lots that a house account should hold. */
export function targetLots(lotsPerQuote: number): number {
  return lotsPerQuote * targetQuotes;
}

/** Whether so few shares are left that the account is topped up to its target. */
export function needsShares(heldLots: number, lotsPerQuote: number): boolean {
  return heldLots < targetLots(lotsPerQuote) / 4;
}
