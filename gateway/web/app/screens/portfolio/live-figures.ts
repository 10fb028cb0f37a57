/** The account as a whole, valued at the last prices of the quotes, exact. */
import type { Position } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { microsText, parseMicros } from '../../figures/decimal.ts';
import { positionValue } from '../floor/position-values.ts';

/** Sums over the account, decimal. A position without a price is in none of them, and counted. */
export type LiveFigures = {
  equity: string;
  marketValue: string;
  unrealized: string;
  /** Positions that have no price. */
  unpriced: number;
};

/** The sums of positions and cash. */
export function liveFigures(
  cash: string,
  positions: readonly Position[],
  lastPriceOf: (symbol: string) => string | undefined,
): LiveFigures {
  let [value, gain, unpriced] = [0n, 0n, 0];
  for (const position of positions) {
    if ((parseMicros(position.quantity) ?? 0n) === 0n) continue;
    const live = positionValue(position, lastPriceOf(position.symbol));
    if (live.value === undefined) unpriced += 1;
    value += parseMicros(live.value) ?? 0n;
    gain += parseMicros(live.gain) ?? 0n;
  }
  const equity = microsText(value + (parseMicros(cash) ?? 0n), 2);
  return { equity, marketValue: microsText(value, 2), unrealized: microsText(gain, 2), unpriced };
}
