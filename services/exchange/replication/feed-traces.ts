/** The traces of what led to the newest events, for those who follow the feed. They are in memory alone: the journal has none. */
import { create, toBinary } from '@bufbuild/protobuf';
import { FollowResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { type Trace, traceparentOf } from '#platform/telemetry/trace-context.ts';

type Range = { firstSequence: number; lastSequence: number };

const tracesMax = 256;
const ofPageMax = 8;
const none = new Uint8Array(0);

/** The newest traces of a feed. */
export class FeedTraces {
  #traces: (Range & { traceparent: string })[] = [];

  /** Adds the trace of a group of events, which come after all others. */
  add({ firstSequence, lastSequence }: Range, trace: Trace): void {
    if (this.#traces.length === tracesMax) this.#traces = this.#traces.slice(tracesMax / 2);
    this.#traces.push({ firstSequence, lastSequence, traceparent: traceparentOf(trace) });
  }

  /** The traces of events in a range, the field of a FollowResponse; empty without any. */
  encode({ firstSequence, lastSequence }: Range): Uint8Array {
    const newest = this.#traces.at(-1);
    if (newest === undefined || newest.lastSequence < firstSequence) return none;
    const found = this.#traces.filter((one) => one.lastSequence >= firstSequence && one.firstSequence <= lastSequence);
    const traces = found.slice(0, ofPageMax).map(({ traceparent, ...range }) => ({
      firstSequence: BigInt(range.firstSequence),
      lastSequence: BigInt(range.lastSequence),
      traceparent,
    }));
    return traces.length === 0 ? none : toBinary(FollowResponseSchema, create(FollowResponseSchema, { traces }));
  }
}
