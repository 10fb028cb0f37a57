/** Own fills as marks of the chart. */
import type { Fill } from '#gen/outcry/order/v1/order_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { microsText, parseMicros } from '../../figures/decimal.ts';
import { figureText } from '../../figures/figure-text.ts';
import { millisOf } from '../../figures/time-text.ts';
import type { ChartMark } from './chart-view.ts';

/** A mark for what was bought, and one for what was sold, in each candle of so many seconds; oldest first. The fills are newest first. */
export function fillMarks(fills: readonly Pick<Fill, 'time' | 'side' | 'quantity'>[], seconds: number): ChartMark[] {
  const sums = new Map<string, { time: number; isBuy: boolean; micros: bigint }>();
  for (const fill of fills.toReversed()) {
    const time = Math.floor((millisOf(fill.time) ?? 0) / 1_000 / seconds) * seconds;
    const isBuy = fill.side !== Side.SELL;
    const key = `${time} ${isBuy}`;
    const sum = sums.get(key) ?? { time, isBuy, micros: 0n };
    sums.set(key, { ...sum, micros: sum.micros + (parseMicros(fill.quantity) ?? 0n) });
  }
  return [...sums.values()].map(({ time, isBuy, micros }) => ({
    time,
    isBuy,
    text: figureText(microsText(micros), { trimmed: true }),
  }));
}
