import { describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { readTimeRange, spanOf } from './time-range.ts';

const read = (from?: [seconds: bigint, nanos: number], until?: [seconds: bigint, nanos: number]) => {
  const time = (parts?: [bigint, number]) =>
    parts && ({ $typeName: 'google.protobuf.Timestamp', seconds: parts[0], nanos: parts[1] } as const);
  return readTimeRange({ field: 'start_time', time: time(from) }, { field: 'end_time', time: time(until) });
};

describe('readTimeRange', () => {
  it('is open at a side without a time, and takes a part of a millisecond as the next whole one', () => {
    expect(read()).toEqual({ fromMs: undefined, untilMs: undefined });
    const untilMs = new Date('9999-12-31T23:59:59.999Z').getTime() + 1;
    expect(spanOf(read())).toEqual({ fromMs: 0, untilMs });
    expect(spanOf(read([5n, 0]))).toEqual({ fromMs: 5_000, untilMs });
    expect(read([1n, 0], [1n, 1])).toEqual({ fromMs: 1_000, untilMs: 1_001 });
    expect(read([2n, 0], [2n, 0])).toEqual({ fromMs: 2_000, untilMs: 2_000 });
    expect(read([1n, 1_000_001])).toMatchObject({ fromMs: 1_002 });
    expect(read([-1n, 500_000_000], [1n, 0])).toEqual({ fromMs: 0, untilMs: 1_000 });
  });

  it('names the field of a time that is none, and of an end before the start', () => {
    const refusals: [() => unknown, field: string][] = [
      [() => read([300_000_000_000n, 0]), 'start_time'],
      [() => read([9_223_372_036_854_775_807n, 0]), 'start_time'],
      [() => read(undefined, [-9_223_372_036_854_775_808n, 0]), 'end_time'],
      [() => read([1n, -1]), 'start_time'],
      [() => read([1n, 1_000_000_000]), 'start_time'],
      [() => read([2n, 0], [1n, 0]), 'end_time'],
    ];
    for (const [refused, field] of refusals) {
      expect(refused).toThrow(
        expect.objectContaining({
          reason: ErrorReason.INVALID_FIELD,
          violations: [expect.objectContaining({ field })],
        }),
      );
    }
  });
});
