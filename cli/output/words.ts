import type { DescEnum } from '@bufbuild/protobuf';
import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';

/** The word of an enum's value, e.g. `partially filled`; a number that this release does not know is shown as it is. */
export function enumWord(schema: DescEnum, value: number): string {
  return enumName(schema, value).toLowerCase().replaceAll('_', ' ');
}

/** The name of an enum's value without the prefix that all have, e.g. `PARTIALLY_FILLED`. */
export function enumName(schema: DescEnum, value: number): string {
  const name = schema.value[value]?.name;
  return name === undefined ? String(value) : name.slice(schema.sharedPrefix?.length ?? 0);
}

/** A time in UTC to the second, e.g. `2026-03-01 09:30:00`; empty when it is not set. */
export function timeWord(time: Timestamp | undefined): string {
  return time === undefined ? '' : timestampDate(time).toISOString().slice(0, 19).replace('T', ' ');
}
