import { type Timestamp, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { UsageError } from './usage-error.ts';

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const dateAndTime = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/;
const span = /^(\d{1,6})([smhd])$/;

/**
 * A time on the command line: a date, a date with a time of day (UTC unless it names an offset), or a span before now such as `90m`, `2h` or `7d`.
 * Throws UsageError.
 */
export function readTime(text: string, name: string, nowMs: number = Date.now()): Timestamp {
  const agoMs = spanMs(text);
  if (agoMs !== undefined) return timestampFromMs(nowMs - agoMs);
  const [, date = '', time = '', zone = ''] = dateAndTime.exec(text) ?? [];
  const timeMs = date === '' ? Number.NaN : Date.parse(`${date}T${time || '00:00'}${zone || 'Z'}`);
  if (!Number.isNaN(timeMs)) return timestampFromMs(timeMs);
  throw new UsageError(`${name} is to be a time such as 2026-03-01, 2026-03-01T09:30Z or 2h (ago), not '${text}'`);
}

/** A span of time on the command line such as `90s`, `30m`, `2h` or `7d`, in ms. Throws UsageError. */
export function readSpan(text: string, name: string): number {
  const ms = spanMs(text);
  if (ms !== undefined) return ms;
  throw new UsageError(`${name} is to be a span of time such as 90s, 30m, 2h or 7d, not '${text}'`);
}

function spanMs(text: string): number | undefined {
  const [, count, unit = ''] = span.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (unitMs[unit] ?? 0);
}
