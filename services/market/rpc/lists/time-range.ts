/** Ranges of time in requests. */
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { TimeRange } from '../../domain/time-range.ts';

/** The first moment of the year 1 and the first after the year 9999: what a Timestamp may be. */
const everMs: TimeRange = { fromMs: -62_135_596_800_000, untilMs: 253_402_300_800_000 };

/**
 * The range between two fields of a request, an unset one leaving its side open. Stored times are whole milliseconds, so a finer bound counts as
 * the next whole one. Throws INVALID_ARGUMENT for a time outside of the years 1 to 9999, and for a range in which no time is.
 */
export function readTimeRange(from: TimeField, until: TimeField): TimeRange {
  const range = {
    fromMs: from.time === undefined ? everMs.fromMs : readTime(from.field, from.time),
    untilMs: until.time === undefined ? everMs.untilMs : readTime(until.field, until.time),
  };
  if (range.fromMs >= range.untilMs) throw invalidArgument(until.field, `must be after ${from.field}`);
  return range;
}

/** A field of a request with its value. */
export type TimeField = { field: string; time: Timestamp | undefined };

function readTime(field: string, { seconds, nanos }: Timestamp): number {
  const timeMs = Number(seconds) * 1_000 + Math.ceil(nanos / 1_000_000);
  if (timeMs >= everMs.fromMs && timeMs <= everMs.untilMs && nanos >= 0 && nanos < 1_000_000_000) return timeMs;
  throw invalidArgument(field, 'must be a time of the years 1 to 9999');
}
