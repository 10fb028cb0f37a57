import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { FollowResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { startTrace, traceparentOf } from '#platform/telemetry/trace-context.ts';
import { FeedTraces } from './feed-traces.ts';

function tracesOf(bytes: Uint8Array): [bigint, bigint, string][] {
  const { traces } = fromBinary(FollowResponseSchema, bytes);
  return traces.map(({ firstSequence, lastSequence, traceparent }) => [firstSequence, lastSequence, traceparent]);
}

describe('FeedTraces', () => {
  it('names the traces of the events of a page, and none for others', () => {
    const traces = new FeedTraces();
    const [first, second] = [startTrace(), startTrace()];
    expect(traces.encode({ firstSequence: 1, lastSequence: 9 })).toHaveLength(0);
    traces.add({ firstSequence: 3, lastSequence: 5 }, first);
    traces.add({ firstSequence: 8, lastSequence: 8 }, second);
    expect(tracesOf(traces.encode({ firstSequence: 5, lastSequence: 8 }))).toEqual([
      [3n, 5n, traceparentOf(first)],
      [8n, 8n, traceparentOf(second)],
    ]);
    expect(traces.encode({ firstSequence: 6, lastSequence: 7 })).toHaveLength(0);
    expect(traces.encode({ firstSequence: 9, lastSequence: 20 })).toHaveLength(0);
  });

  it('has a bound for a page and for all', () => {
    const traces = new FeedTraces();
    for (let at = 1; at <= 1_000; at += 1) traces.add({ firstSequence: at, lastSequence: at }, startTrace());
    expect(tracesOf(traces.encode({ firstSequence: 990, lastSequence: 1_000 }))).toHaveLength(8);
    expect(traces.encode({ firstSequence: 1, lastSequence: 700 })).toHaveLength(0);
  });
});
