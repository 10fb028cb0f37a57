/** Durations of the contract as milliseconds. */
import { create } from '@bufbuild/protobuf';
import { type Duration, DurationSchema } from '@bufbuild/protobuf/wkt';

/** A whole number of milliseconds, 0 or more; unset for 0. */
export function durationOf(ms: number): Duration | undefined {
  if (ms === 0) return undefined;
  return create(DurationSchema, { seconds: BigInt(Math.floor(ms / 1_000)), nanos: (ms % 1_000) * 1_000_000 });
}

/** Milliseconds, not whole where the duration is not; 0 for an unset one. */
export function durationMs(duration: Duration | undefined): number {
  return duration === undefined ? 0 : Number(duration.seconds) * 1_000 + duration.nanos / 1_000_000;
}
