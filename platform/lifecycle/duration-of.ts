import type { MessageInitShape } from '@bufbuild/protobuf';
import type { DurationSchema } from '@bufbuild/protobuf/wkt';

/** A time in ms as a message, to the microsecond; below zero it is zero. */
export function durationOf(ms: number): MessageInitShape<typeof DurationSchema> {
  const micros = Math.max(0, Math.round(ms * 1_000));
  return { seconds: BigInt(Math.floor(micros / 1e6)), nanos: (micros % 1e6) * 1_000 };
}
