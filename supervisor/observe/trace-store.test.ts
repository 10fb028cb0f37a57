import { describe, expect, it } from 'vitest';
import type { ReceivedSpan } from '#platform/telemetry/collector/received-span.ts';
import { createTraceStore } from './trace-store.ts';

const span = (traceId: string, changes: Partial<ReceivedSpan> = {}): ReceivedSpan => ({
  ...{ traceId, spanId: 'b', parentSpanId: '', name: 'PlaceOrder', service: 'gateway', startTimeMs: 10, endTimeMs: 12 },
  ...{ hasFault: false, links: [], attributes: {} },
  ...changes,
});
const idsOf = (store: ReturnType<typeof createTraceStore>) => store.list().map(({ traceId }) => traceId);

describe('createTraceStore', () => {
  it('lists traces by their newest span, with the first span, the whole time and faults', () => {
    const store = createTraceStore();
    store.add([
      span('1', { startTimeMs: 20, endTimeMs: 50, name: 'Submit', service: 'order', hasFault: true }),
      span('2'),
    ]);
    store.add([span('1')]);
    expect(store.list()).toEqual([
      { traceId: '1', name: 'gateway PlaceOrder', startTimeMs: 10, durationMs: 40, spanCount: 2, hasFault: true },
      { traceId: '2', name: 'gateway PlaceOrder', startTimeMs: 10, durationMs: 2, spanCount: 1, hasFault: false },
    ]);
    expect(store.get('1').map(({ name }) => name)).toEqual(['PlaceOrder', 'Submit']);
    expect(store.get('3')).toEqual([]);
  });

  it('drops what was added to longest ago beyond its traces or characters, and spans beyond those of a trace', () => {
    const few = createTraceStore({ tracesMax: 2, spansMax: 3, charactersMax: 1_000_000 });
    few.add([span('1'), span('2'), span('1'), span('3'), ...Array.from({ length: 9 }, () => span('3'))]);
    expect(idsOf(few)).toEqual(['3', '1']);
    expect(few.get('3')).toHaveLength(3);
    const short = createTraceStore({ tracesMax: 100, spansMax: 100, charactersMax: 2_000 });
    short.add(Array.from({ length: 100 }, (_, index) => span(String(index))));
    expect(short.list().length).toBeGreaterThan(3);
    expect(JSON.stringify(idsOf(short).map((id) => short.get(id))).length).toBeLessThan(2_100);
    short.add([span('huge', { name: 'x'.repeat(3_000) }), span('after')]);
    expect(idsOf(short)).toEqual(['after']);
  });
});
