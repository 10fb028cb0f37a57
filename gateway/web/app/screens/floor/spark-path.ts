/** Lines of closes, without axes: each in the range of its own prices. */

import type { Candle } from '#gen/outcry/market/v1/market_pb.ts';
import { toNumber } from '../../figures/decimal.ts';
import { millisOf } from '../../figures/time-text.ts';

/** The box of a line. */
export const sparkBox = { width: 100, height: 20 };

type Close = Pick<Candle, 'symbol' | 'close' | 'startTime'>;

/** A path of SVG by symbol; none with fewer than two candles. Times are shared, so that lines can be compared. */
export function sparkPaths(candles: readonly Close[]): Map<string, string> {
  const bySymbol = Map.groupBy(candles, ({ symbol }) => symbol);
  const times = candles.map(({ startTime }) => millisOf(startTime) ?? 0);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const paths = [...bySymbol].map(([symbol, closes]) => [symbol, pathOf(closes, first, last)] as const);
  return new Map(paths.filter(([, path]) => path !== ''));
}

function pathOf(closes: readonly Close[], first: number, last: number): string {
  const prices = closes.map(({ close }) => toNumber(close));
  const [low, high] = [Math.min(...prices), Math.max(...prices)];
  if (closes.length < 2 || last === first) return '';
  const points = closes.map(({ startTime }, index) => {
    const x = (((millisOf(startTime) ?? 0) - first) / (last - first)) * sparkBox.width;
    const y = high === low ? 0.5 : (high - (prices[index] ?? low)) / (high - low);
    return `${x.toFixed(1)} ${(1 + y * (sparkBox.height - 2)).toFixed(1)}`;
  });
  return `M${points.join('L')}`;
}
