/** Positions valued at the last prices of the quotes, exact. */
import type { Position } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { microsText, multiplied, parseMicros } from '../../figures/decimal.ts';

/** What a position is worth at a price. */
export type PositionValue = { value: string | undefined; gain: string | undefined; gainPercent: string | undefined };

/** The value at the last price, or where there is none at the one that the server knew; and what it is above its cost. */
export function positionValue(position: Position, lastPrice: string | undefined): PositionValue {
  const [quantity, cost, last] = [position.quantity, position.cost, lastPrice || position.lastPrice].map(parseMicros);
  if (quantity === undefined || cost === undefined || last === undefined) {
    return { value: undefined, gain: undefined, gainPercent: undefined };
  }
  const value = multiplied(quantity, last);
  const gain = value - cost;
  const percent = cost === 0n ? undefined : microsText((gain * 100_000_000n) / cost);
  return { value: microsText(value), gain: microsText(gain), gainPercent: percent };
}
