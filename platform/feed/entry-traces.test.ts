import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OtlpReceiver, startOtlpReceiver } from '#platform/telemetry/collector/otlp-receiver.ts';
import type { ReceivedSpan } from '#platform/telemetry/collector/received-span.ts';
import { startTracing } from '#platform/telemetry/start-tracing.ts';
import { currentTrace, startEdgeTrace, traceparentOf } from '#platform/telemetry/trace-context.ts';
import { EntryTraces, inEntryTrace } from './entry-traces.ts';

let receiver: OtlpReceiver;
let tracing: AsyncDisposable;
let spans: ReceivedSpan[];

beforeEach(async () => {
  spans = [];
  receiver = await startOtlpReceiver({ host: '127.0.0.1', port: 0, onSpans: (more) => spans.push(...more) });
  const endpoint = `http://127.0.0.1:${receiver.port}`;
  tracing = await startTracing('test', { endpoint, protocol: 'http/json', tracesPerSecondMax: 100, slowMs: 1_000 });
});
afterEach(async () => {
  await tracing[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
});

const at = (firstSequence: bigint, lastSequence = firstSequence) => {
  const trace = startEdgeTrace();
  return { trace, entry: { firstSequence, lastSequence, traceparent: traceparentOf(trace) } };
};

describe('EntryTraces', () => {
  it('applies entries below their traces, each time those that are due', async () => {
    const [early, late] = [at(2n, 3n), at(9n)];
    const traces = new EntryTraces();
    traces.add([early.entry, late.entry]);
    const seen = await traces.apply('apply x', 5n, async () =>
      [2n, 4n].map((sequence) => inEntryTrace(sequence, () => currentTrace())),
    );
    expect(seen[0]).toMatchObject({ traceId: early.trace.traceId, spanId: early.trace.spanId, isSampled: true });
    expect(seen[1]).toMatchObject({ isSampled: false });
    await traces.apply('apply x', 8n, async () => {});
    await expect(traces.apply('apply x', 9n, () => Promise.reject(new TypeError()))).rejects.toThrow(TypeError);
    await traces.apply('apply x', 10n, async () => {});
    await tracing[Symbol.asyncDispose]();
    expect(spans.map(({ parentSpanId, hasFault }) => [parentSpanId, hasFault])).toEqual([
      [early.trace.spanId, false],
      [late.trace.spanId, true],
    ]);
  });

  it('has a bound, and is as if there were none after a new beginning', async () => {
    const traces = new EntryTraces();
    for (let page = 0n; page < 100n; page += 1n)
      traces.add([at(page * 3n).entry, at(page * 3n + 1n).entry, at(page * 3n + 2n).entry]);
    await traces.apply('apply x', 20n, async () => {});
    traces.clear();
    await traces.apply('apply x', 300n, async () => {});
    await tracing[Symbol.asyncDispose]();
    expect(spans).toEqual([]);
  });
});
