import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { recordClientCall, recordServerCall } from '#platform/rpc/call-span.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { type OtlpReceiver, startOtlpReceiver } from './collector/otlp-receiver.ts';
import type { ReceivedSpan } from './collector/received-span.ts';
import { inGroup } from './group-span.ts';
import { inSpan, recordSpan, sampledTrace } from './spans.ts';
import { startTracing } from './start-tracing.ts';
import { runWithTrace, startEdgeTrace, startTrace, traceparentOf } from './trace-context.ts';

const method = MarketService.method.getInstrument;
let receiver: OtlpReceiver;
let tracing: AsyncDisposable | undefined;
let spans: ReceivedSpan[];

const start = async (tracesPerSecondMax = 1_000) => {
  const endpoint = `http://127.0.0.1:${receiver.port}`;
  tracing = await startTracing('test', { endpoint, protocol: 'http/json', tracesPerSecondMax, slowMs: 1_000 });
};
const flush = async () => {
  await tracing?.[Symbol.asyncDispose]();
  tracing = undefined;
};
const named = (name: string) => spans.filter((span) => span.name === name);

beforeEach(async () => {
  spans = [];
  receiver = await startOtlpReceiver({ host: '127.0.0.1', port: 0, onSpans: (more) => spans.push(...more) });
});
afterEach(async () => {
  await flush();
  await receiver[Symbol.asyncDispose]();
});

describe('startTracing', () => {
  it('sends a span under the ids that were given out before, below its parent, with its times', async () => {
    await start();
    const root = startEdgeTrace();
    const child = startTrace(traceparentOf(root));
    recordSpan(child, { name: 'child', startTimeMs: performance.now() - 50, fault: 'broken' });
    recordSpan(root, { name: 'root', startTimeMs: performance.now() - 60 });
    await flush();
    expect(named('root')).toMatchObject([
      { traceId: root.traceId, spanId: root.spanId, parentSpanId: '', service: 'test' },
    ]);
    const [span] = named('child');
    expect(span).toMatchObject({
      traceId: root.traceId,
      spanId: child.spanId,
      parentSpanId: root.spanId,
      hasFault: true,
    });
    expect(Math.abs((span?.endTimeMs ?? 0) - Date.now())).toBeLessThan(5_000);
    expect((span?.endTimeMs ?? 0) - (span?.startTimeMs ?? 0)).toBeGreaterThan(49);
  });

  it('records at the edge as many traces as it may, and of the others every fault and slow call', async () => {
    await start(2);
    const traces = Array.from({ length: 10 }, () => startEdgeTrace());
    expect(traces.filter(({ isSampled }) => isSampled)).toHaveLength(2);
    const call = { method, startTimeMs: performance.now(), code: Code.OK };
    for (const trace of traces) recordServerCall(trace, call);
    const [plain] = traces.filter(({ isSampled }) => !isSampled);
    if (plain === undefined) throw new Error('every trace is recorded');
    recordServerCall(plain, { ...call, code: Code.FAILED_PRECONDITION });
    recordServerCall(plain, { ...call, code: Code.INTERNAL });
    recordClientCall(plain, { ...call, code: Code.UNAVAILABLE });
    recordServerCall(plain, { ...call, startTimeMs: performance.now() - 1_500 });
    await flush();
    expect(spans.map(({ attributes }) => attributes['rpc.response.status_code']).sort()).toEqual([
      'INTERNAL',
      ...['OK', 'OK', 'OK'],
      'UNAVAILABLE',
    ]);
  });

  it('has what callers ask for beside the others, to the same bound, and leaves out what they ask to', async () => {
    await start(2);
    for (let index = 0; index < 5; index += 1) startEdgeTrace();
    const asked = Array.from({ length: 5 }, () => startEdgeTrace(traceparentOf({ ...startTrace(), isSampled: true })));
    expect(asked.filter(({ isSampled }) => isSampled)).toHaveLength(2);
    expect(startEdgeTrace(traceparentOf({ ...startTrace(), isSampled: false })).isSampled).toBe(false);
    expect(startTrace().isSampled).toBe(false);
  });

  it('waits for no collector: what cannot be sent is dropped', async () => {
    await receiver[Symbol.asyncDispose]();
    await start();
    for (let index = 0; index < 10_000; index += 1) recordSpan(startEdgeTrace(), { name: 'x', startTimeMs: 0 });
    await flush();
    receiver = await startOtlpReceiver({ host: '127.0.0.1', port: 0, onSpans: () => {} });
  }, 30_000);
});

describe('inGroup', () => {
  it('is in the trace of the first, and linked both ways with each of the others', async () => {
    await start();
    const [plain, first, second] = [startTrace(), startEdgeTrace(), startEdgeTrace()];
    const inside = await inGroup({ name: 'group' }, [plain, first, undefined, second], async () => sampledTrace());
    expect(inside).toMatchObject({ traceId: first.traceId, parentSpanId: first.spanId });
    await flush();
    const [group, member] = named('group');
    expect(group).toMatchObject({ traceId: first.traceId, spanId: inside?.spanId });
    expect(group?.links).toEqual([{ traceId: second.traceId, spanId: second.spanId }]);
    expect(member).toMatchObject({ traceId: second.traceId, parentSpanId: second.spanId });
    expect(member?.links).toEqual([{ traceId: first.traceId, spanId: inside?.spanId }]);
  });

  it('takes what is not recorded out of a trace that is, and bounds its links', async () => {
    await start();
    const outer = startEdgeTrace();
    const seen = await runWithTrace(outer, () => inGroup({ name: 'none' }, [startTrace()], async () => sampledTrace()));
    expect(seen).toBeUndefined();
    const many = Array.from({ length: 100 }, () => startEdgeTrace());
    await inGroup({ name: 'many' }, many, async () => {});
    await flush();
    expect(named('none')).toEqual([]);
    expect(named('many')).toHaveLength(33);
  });
});

describe('inSpan', () => {
  it('records the name of an error, and rethrows it', async () => {
    await start();
    const work = () => inSpan({ name: 'work' }, async () => Promise.reject(new RangeError('secret')));
    await expect(runWithTrace(startEdgeTrace(), work)).rejects.toThrow('secret');
    await flush();
    await eventually(() => expect(named('work')).toMatchObject([{ hasFault: true }]));
    expect(JSON.stringify(spans)).not.toContain('secret');
  });
});
