import { build } from 'hdr-histogram-js';

/** A summary of measured values, in their unit; all zero when there are none. Each is within 0.1 % of the value at its nearest rank. */
export type Distribution = { count: number; p50: number; p95: number; p99: number; p999: number; max: number };

// The histogram counts whole numbers: values are recorded in millionths of their unit, so that milliseconds differ to the nanosecond.
const scale = 1e6;

/** Summarises values from 0 to 1e9, in any order; they are left as they are. Throws RangeError for a negative value or NaN. */
export function distributionOf(values: ArrayLike<number>): Distribution {
  const histogram = build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: 3 });
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number;
    if (!(value >= 0)) throw new RangeError(`${value} is no measured value`);
    histogram.recordValue(Math.round(value * scale));
  }
  if (values.length === 0) return { count: 0, p50: 0, p95: 0, p99: 0, p999: 0, max: 0 };
  const at = (percentile: number) => histogram.getValueAtPercentile(percentile) / scale;
  return {
    count: values.length,
    p50: at(50),
    p95: at(95),
    p99: at(99),
    p999: at(99.9),
    max: histogram.maxValue / scale,
  };
}
