/** Ranges of time in requests. */
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { invalidArgument } from '#platform/errors/outcry-error.ts';

/** A half-open range in Unix milliseconds, 0 to 2^48 - 1: from `fromMs` on, and before `untilMs`; undefined: without a bound on that side. */
export type TimeRange = { fromMs: number | undefined; untilMs: number | undefined };

/** A range with both bounds. */
export type TimeSpan = { fromMs: number; untilMs: number };

/** A field of a request with its value. */
export type TimeField = { field: string; time: Timestamp | undefined };

/** The first moment of the year 1 and the first after the year 9999: what a Timestamp may be. */
const timeMsMin = -62_135_596_800_000;
const timeMsEnd = 253_402_300_800_000;

/**
 * The range between two fields of a request, an unset one leaving its side open. Stored times are whole milliseconds, so a finer bound counts as
 * the next whole one, and nothing is stored of before 1970. Throws INVALID_ARGUMENT for a time outside of the years 1 to 9999, and for a range that
 * ends before it begins; one that ends where it begins has nothing in it.
 */
export function readTimeRange(from: TimeField, until: TimeField): TimeRange {
  const fromMs = from.time && readTime(from.field, from.time);
  const untilMs = until.time && readTime(until.field, until.time);
  if (fromMs !== undefined && untilMs !== undefined && untilMs < fromMs) {
    throw invalidArgument(until.field, `must not be before ${from.field}`);
  }
  return { fromMs: fromMs && Math.max(0, fromMs), untilMs: untilMs && Math.max(0, untilMs) };
}

/** The range of the fields `from_time` and `until_time`, as readTimeRange. */
export function readFromUntil({ fromTime, untilTime }: { fromTime?: Timestamp; untilTime?: Timestamp }): TimeRange {
  return readTimeRange({ field: 'from_time', time: fromTime }, { field: 'until_time', time: untilTime });
}

/** A range with its open sides at the first and after the last time that may be stored. */
export function spanOf({ fromMs = 0, untilMs = timeMsEnd }: TimeRange): TimeSpan {
  return { fromMs, untilMs };
}

function readTime(field: string, { seconds, nanos }: Timestamp): number {
  const timeMs = Number(seconds) * 1_000 + Math.ceil(nanos / 1_000_000);
  if (timeMs >= timeMsMin && timeMs <= timeMsEnd && nanos >= 0 && nanos < 1_000_000_000) return timeMs;
  throw invalidArgument(field, 'must be a time of the years 1 to 9999');
}
