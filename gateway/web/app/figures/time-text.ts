/** Times as text, all in one zone: the exchange's, UTC or this machine's. */
import type { Timestamp } from '@bufbuild/protobuf/wkt';

/** A zone by its IANA name, and what the clock calls it. */
export type Zone = { name: string | undefined; label: string };

/** Unix milliseconds of a timestamp; undefined for none. */
export function millisOf(time: Timestamp | undefined): number | undefined {
  return time === undefined ? undefined : Number(time.seconds) * 1_000 + Math.floor(time.nanos / 1e6);
}

/** A timestamp of these milliseconds. */
export function timestampOf(millis: number): { seconds: bigint; nanos: number } {
  return { seconds: BigInt(Math.floor(millis / 1_000)), nanos: (((millis % 1_000) + 1_000) % 1_000) * 1e6 };
}

/** `14:05:09`, with the date before it unless that is today: `28 Nov 14:05:09`. A dash for none. */
export function timeText(
  millis: number | undefined,
  zone: Zone,
  nowMs: number,
  precision: 'seconds' | 'minutes' = 'seconds',
): string {
  if (millis === undefined) return '\u2013';
  const time = formatter(zone, precision).format(millis);
  return dayText(millis, zone) === dayText(nowMs, zone) ? time : `${dayText(millis, zone)} ${time}`;
}

/** `28 Nov`. */
export function dayText(millis: number, zone: Zone): string {
  return formatter(zone, 'day').format(millis);
}

/** A wait such as `0:42` or `1:02:05`; `0:00` once it is over. */
export function countdownText(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1_000));
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const rest = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** Seconds that this zone is ahead of UTC at this moment. */
export function offsetSeconds(millis: number, zone: Zone): number {
  if (zone.name === utcName) return 0;
  const parts = Object.fromEntries(
    zoneFormat(zone, 'parts')
      .formatToParts(millis)
      .map(({ type, value }) => [type, value]),
  );
  const wall = Date.UTC(
    Number(parts.year),
    Number(parts.month) - 1,
    Number(parts.day),
    Number(parts.hour) % 24,
    Number(parts.minute),
    Number(parts.second),
  );
  return Math.round((wall - Math.floor(millis / 1_000) * 1_000) / 1_000);
}

/** Unix milliseconds of a date and time in this zone, such as `2026-11-30T09:45`; undefined where the text is none. */
export function wallMillis(text: string, zone: Zone): number | undefined {
  const asUtc = Date.parse(/[T ]/.test(text) ? `${text}Z` : '');
  if (Number.isNaN(asUtc)) return undefined;
  const first = asUtc - offsetSeconds(asUtc, zone) * 1_000;
  // Beside a change of the clocks the offset of the time itself counts.
  return asUtc - offsetSeconds(first, zone) * 1_000;
}

type Style = 'seconds' | 'minutes' | 'day' | 'parts';

const styles: Record<Style, Intl.DateTimeFormatOptions> = {
  seconds: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  minutes: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  day: { day: 'numeric', month: 'short' },
  parts: {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  },
};
const formatters = new Map<string, Intl.DateTimeFormat>();

const utcName = 'UTC';
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec'];
// The page shows a time before anything else, and the first format of Intl takes a tenth of its start.
const utcFormats: Record<string, { format(millis: number): string }> = {
  seconds: { format: (millis) => new Date(millis).toISOString().slice(11, 19) },
  minutes: { format: (millis) => new Date(millis).toISOString().slice(11, 16) },
  day: { format: (millis) => `${new Date(millis).getUTCDate()} ${months[new Date(millis).getUTCMonth()]}` },
};

function formatter(zone: Zone, style: Style): { format(millis: number): string } {
  return (zone.name === utcName ? utcFormats[style] : undefined) ?? zoneFormat(zone, style);
}

// Making one takes far longer than using it.
function zoneFormat(zone: Zone, style: Style): Intl.DateTimeFormat {
  const key = `${zone.name} ${style}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    ...styles[style],
    ...(zone.name !== undefined && { timeZone: zone.name }),
  });
  formatters.set(key, made);
  return made;
}
