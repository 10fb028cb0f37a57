/** What a set of measured values is told by. All zero when there are none. */
export type Distribution = { count: number; p50: number; p99: number; p999: number; max: number };

/**
 * The value below or at which the fraction lies, by nearest rank: the smallest value such that at least `fraction` of all are not
 * greater. Never interpolated, so it is a value that was measured.
 *
 * @param sorted ascending; not empty
 * @param fraction above 0, at most 1
 */
export function percentile(sorted: Float64Array, fraction: number): number {
  if (sorted.length === 0) throw new RangeError('there are no values');
  if (!(fraction > 0 && fraction <= 1)) throw new RangeError('the fraction must be above 0 and at most 1');
  return sorted[Math.ceil(fraction * sorted.length) - 1] as number;
}

/** Summarises values in any order; they are left as they are. */
export function distributionOf(values: ArrayLike<number>): Distribution {
  if (values.length === 0) return { count: 0, p50: 0, p99: 0, p999: 0, max: 0 };
  const sorted = Float64Array.from(values).sort();
  return {
    count: sorted.length,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    p999: percentile(sorted, 0.999),
    max: percentile(sorted, 1),
  };
}
