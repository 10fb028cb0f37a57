/** What the book would do with an order now: an estimate, as the book goes on moving. */
import type { DepthLevel } from '#gen/outcry/market/v1/market_pb.ts';
import { divided, multiplied, parseMicros } from '../../figures/decimal.ts';

/** All in millionths. */
export type Estimate = {
  /** Shares that would trade at once. */
  filled: bigint;
  /** Their average price; undefined: none would trade. */
  average: bigint | undefined;
  /** The worst price among them; undefined: none would trade. */
  worst: bigint | undefined;
  /** How far the worst price is from the best, in hundredths of a percent. */
  impactBps: number;
  /** Whether the shown levels hold less than was asked for. */
  isPart: boolean;
};

/** Walks the side that the order would trade with, best first, up to its limit. */
export function estimate(
  levels: readonly DepthLevel[],
  quantity: bigint,
  limit: bigint | undefined,
  isBuy: boolean,
): Estimate {
  let left = quantity;
  let value = 0n;
  let worst: bigint | undefined;
  for (const level of levels) {
    const price = parseMicros(level.price) ?? 0n;
    if (left <= 0n || (limit !== undefined && (isBuy ? price > limit : price < limit))) break;
    const here = parseMicros(level.quantity) ?? 0n;
    const taken = here < left ? here : left;
    value += multiplied(taken, price);
    left -= taken;
    worst = price;
  }
  const filled = quantity - left;
  const best = parseMicros(levels[0]?.price) ?? 0n;
  const distance = worst === undefined || best === 0n ? 0n : ((isBuy ? worst - best : best - worst) * 10_000n) / best;
  return { filled, average: divided(value, filled), worst, impactBps: Number(distance), isPart: left > 0n };
}
