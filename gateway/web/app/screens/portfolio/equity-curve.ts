/**
 * Equity over time, rebuilt from what the server has: balances now, the movements that led to them, and past prices. From now backwards each
 * movement is undone; at each time the shares are valued at the last price until then.
 */
import { microsText, multiplied, parseMicros } from '../../figures/decimal.ts';

/** A movement of an asset, decimal and signed. */
export type Movement = { timeMs: number; asset: string; amount: string };

/** A price of a symbol that held from a time on. */
export type PastPrice = { symbol: string; timeMs: number; price: string };

/** Equity at a time, decimal. */
export type EquityPoint = { timeMs: number; equity: string };

/** What the curve is made of. */
export type EquityFacts = {
  currency: string;
  /** Amounts now by asset, held ones included, decimal. */
  balances: ReadonlyMap<string, string>;
  /** Movements, newest first. */
  movements: readonly Movement[];
  prices: readonly PastPrice[];
  /** Times of the curve, oldest first, in Unix milliseconds. */
  times: readonly number[];
};

/** The curve, from the first time on at which there was something. A time at which a share that was owned had no price yet is left out. */
export function equityCurve(facts: EquityFacts): EquityPoint[] {
  const amounts = new Map([...facts.balances].map(([asset, amount]) => [asset, parseMicros(amount) ?? 0n]));
  const pricesOf = Map.groupBy(
    facts.prices.toSorted((a, b) => a.timeMs - b.timeMs),
    ({ symbol }) => symbol,
  );
  const points: EquityPoint[] = [];
  let undone = 0;
  for (const timeMs of facts.times.toReversed()) {
    for (; undone < facts.movements.length; undone++) {
      const movement = facts.movements[undone];
      if (movement === undefined || movement.timeMs <= timeMs) break;
      const before = (amounts.get(movement.asset) ?? 0n) - (parseMicros(movement.amount) ?? 0n);
      amounts.set(movement.asset, before);
    }
    const equity = valueAt(timeMs, amounts, pricesOf, facts.currency);
    if (equity !== undefined) points.push({ timeMs, equity: microsText(equity, 2) });
  }
  const isNothing = ({ equity }: EquityPoint) => parseMicros(equity) === 0n;
  const begin = points.findLastIndex((point) => !isNothing(point));
  return points.slice(0, begin + 1).reverse();
}

function valueAt(
  timeMs: number,
  amounts: ReadonlyMap<string, bigint>,
  pricesOf: ReadonlyMap<string, PastPrice[]>,
  currency: string,
): bigint | undefined {
  let sum = 0n;
  for (const [asset, amount] of amounts) {
    if (amount === 0n) continue;
    if (asset === currency) sum += amount;
    else {
      const price = pricesOf.get(asset)?.findLast((past) => past.timeMs <= timeMs)?.price;
      if (price === undefined) return undefined;
      sum += multiplied(amount, parseMicros(price) ?? 0n);
    }
  }
  return sum;
}

/** `count` times from `fromMs` to `untilMs`, both of them included, at even distances. */
export function evenTimes(fromMs: number, untilMs: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.round(fromMs + ((untilMs - fromMs) * index) / (count - 1)));
}
