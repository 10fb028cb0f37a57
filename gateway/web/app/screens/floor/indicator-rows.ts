/** Values of indicators by candle, as they come. */
import type { IndicatorRow } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import { millisOf } from '../../figures/time-text.ts';
import { barsAdded, barsRead } from './candle-bars.ts';

/** Values of all lines at one candle, decimals; an empty one is none. Time in seconds. */
export type ValueRow = { time: number; values: readonly string[] };

/** Rows of the contract, which come newest first, oldest first. */
export function rowsFrom(rows: readonly IndicatorRow[]): ValueRow[] {
  return rows
    .map(({ startTime, values }) => ({ time: Math.floor((millisOf(startTime) ?? 0) / 1_000), values }))
    .reverse();
}

/** The rows with the changed ones in their places, as many as there are bars at most. */
export function rowsWith(known: readonly ValueRow[], changed: readonly ValueRow[]): readonly ValueRow[] {
  const oldest = changed[0]?.time;
  if (oldest === undefined) return known;
  const from = known.findLastIndex(({ time }) => time < oldest) + 1;
  const newer = new Map([...known.slice(from), ...changed].map((row) => [row.time, row]));
  const all = [...known.slice(0, from), ...[...newer.values()].toSorted((a, b) => a.time - b.time)];
  return all.length > barsRead + barsAdded ? all.slice(-barsRead) : all;
}

/** The row of a candle; undefined: there is none. */
export function rowAt(rows: readonly ValueRow[], time: number): ValueRow | undefined {
  return rows.findLast((row) => row.time === time);
}
