/** The equity curve as a drawing: places on a screen, not money. */
import { toNumber } from '../../figures/decimal.ts';
import type { EquityPoint } from './equity-curve.ts';

/** A line in a box of 1,000 by 200, with its lowest and highest equity. */
export type Curve = { path: string; low: EquityPoint; high: EquityPoint; first: EquityPoint; last: EquityPoint };

/** The size of the box. */
export const box = { width: 1_000, height: 200 };

/** The line through the points; undefined for fewer than two. One that never changes lies in the middle. */
export function curveOf(points: readonly EquityPoint[]): Curve | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || first === last) return undefined;
  const byEquity = points.toSorted((a, b) => toNumber(a.equity) - toNumber(b.equity));
  const [low, high] = [byEquity[0] ?? first, byEquity.at(-1) ?? last];
  const height = toNumber(high.equity) - toNumber(low.equity);
  const x = ({ timeMs }: EquityPoint) => ((timeMs - first.timeMs) / (last.timeMs - first.timeMs)) * box.width;
  const y = ({ equity }: EquityPoint) =>
    height === 0 ? box.height / 2 : box.height - ((toNumber(equity) - toNumber(low.equity)) / height) * box.height;
  const path = points.map((point, index) => `${index === 0 ? 'M' : 'L'}${x(point).toFixed(1)} ${y(point).toFixed(1)}`);
  return { path: path.join(''), low, high, first, last };
}
