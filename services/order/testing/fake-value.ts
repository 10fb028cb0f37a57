/** How far the value of an order by amount goes in a book in memory. */
import { lesser } from '#platform/money/extremes.ts';

type Maker = { order: { priceTicks: bigint }; openLots: bigint };
type Taker = { openLots: bigint; valueLeft?: bigint };

/** The most lots that a taker buys of a maker. */
export function mostLots({ openLots, valueLeft }: Taker, { order: { priceTicks } }: Maker): bigint {
  return valueLeft === undefined ? openLots : lesser(openLots, valueLeft / priceTicks);
}

/** Whether these makers leave less of a value than the last or the next of them costs. */
export function isSpent(valueMax: bigint, makers: readonly Maker[]): boolean {
  let left = valueMax;
  for (const [i, { order, openLots }] of makers.entries()) {
    if (left < order.priceTicks) return i > 0;
    left -= lesser(openLots, left / order.priceTicks) * order.priceTicks;
    if (left < order.priceTicks) return true;
  }
  return false;
}

/** All lots of these makers. */
export function availableOf(makers: readonly Maker[]): bigint {
  return makers.reduce((sum, { openLots }) => sum + openLots, 0n);
}
