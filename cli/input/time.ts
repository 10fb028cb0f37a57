import { type Timestamp, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { UsageError } from './usage-error.ts';

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const date = /^\d{4}-\d{2}-\d{2}$/;
const dateAndTime = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?$/;
const span = /^(\d{1,6})([smhd])$/;

/** A span of time such as `90s`, `45m` or `6h`, in ms. Throws UsageError. */
export function readSpanMs(text: string, name: string): number {
  const [, count, unit = ''] = span.exec(text) ?? [];
  if (count !== undefined) return Number(count) * (unitMs[unit] ?? 0);
  throw new UsageError(`${name} is to be a span such as 90s, 45m or 6h, not '${text}'`);
}

/**
 * A time on the command line: a date, a date with a time of day (UTC unless it names an offset), or a span before now such as `90m`, `2h` or `7d`.
 * Throws UsageError.
 */
export function readTime(text: string, name: string, nowMs: number): Timestamp {
  if (span.test(text)) return timestampFromMs(nowMs - readSpanMs(text, name));
  const [, , , offset] = dateAndTime.exec(text) ?? [];
  const isTime = dateAndTime.test(text);
  const timeMs =
    date.test(text) || isTime ? Date.parse(isTime && offset === undefined ? `${text}Z` : text) : Number.NaN;
  if (!Number.isNaN(timeMs)) return timestampFromMs(timeMs);
  throw new UsageError(`${name} is to be a time such as 2026-03-01, 2026-03-01T09:30Z or 2h (ago), not '${text}'`);
}
