import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { invalidArgument } from '#platform/errors/outcry-error.ts';

/** A half-open range of times in Unix milliseconds, 0 to 2^48 - 1; undefined: without a bound on that side. */
export type TimeRange = { fromMs: number | undefined; untilMs: number | undefined };

const timeMsMax = 2 ** 48 - 1;
const nanosPerMs = 1_000_000;

/**
 * The fields `from_time` and `until_time` of a request for what happened at whole milliseconds: at the first or later, and before the second.
 * Throws INVALID_ARGUMENT for a time that is none, and for a range that ends before it begins.
 */
export function readTimeRange(range: { fromTime?: Timestamp; untilTime?: Timestamp }): TimeRange {
  const fromMs = range.fromTime && readTimeMs('from_time', range.fromTime);
  const untilMs = range.untilTime && readTimeMs('until_time', range.untilTime);
  if (fromMs !== undefined && untilMs !== undefined && untilMs < fromMs) {
    throw invalidArgument('until_time', 'must not be before from_time');
  }
  return { fromMs, untilMs };
}

/** The first whole millisecond at the time or after it; those outside of the range that is stored become its ends. */
function readTimeMs(field: string, { seconds, nanos }: Timestamp): number {
  if (nanos < 0 || nanos >= 1_000 * nanosPerMs) throw invalidArgument(field, 'is no time');
  const timeMs = Number(seconds) * 1_000 + Math.ceil(nanos / nanosPerMs);
  return Math.min(Math.max(timeMs, 0), timeMsMax);
}
