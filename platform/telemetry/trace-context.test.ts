import { describe, expect, it } from 'vitest';
import { pause } from '#platform/time/pause.ts';
import { currentTrace, isMirrored, runWithTrace, startTrace, traceparentOf } from './trace-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentId = '00f067aa0ba902b7';

describe('startTrace', () => {
  it('continues a valid traceparent with a span of its own', () => {
    const trace = startTrace(`00-${traceId}-${parentId}-01`, 'r');
    expect(trace).toMatchObject({ traceId, requestId: 'r' });
    expect(trace.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(trace.spanId).not.toBe(parentId);
  });

  it('carries on the baggage that concerns us, and nothing else of it', () => {
    expect(startTrace(undefined, undefined, 'a=1,outcry-canary=order').baggage).toBe('outcry-canary=order');
    expect(startTrace(undefined, undefined, 'a=1').baggage).toBeUndefined();
    expect(startTrace()).not.toHaveProperty('baggage');
  });

  it('begins a new trace without one, or with one that is not valid', () => {
    const zeros = `00-${'0'.repeat(32)}-${parentId}-01`;
    for (const traceparent of [
      undefined,
      '',
      'x',
      `00-${traceId}-${parentId}`,
      zeros,
      `00-${traceId.toUpperCase()}-${parentId}-01`,
    ]) {
      const trace = startTrace(traceparent);
      expect(trace.traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(trace.traceId).not.toBe(traceId);
      expect(trace.requestId).toBe(trace.traceId);
    }
  });
});

describe('isMirrored', () => {
  it('is true inside the trace of a copy only', () => {
    const copy = startTrace(undefined, undefined, 'outcry-mirrored=1');
    expect(runWithTrace(copy, () => isMirrored())).toBe(true);
    expect(runWithTrace(startTrace(undefined, undefined, 'outcry-canary=order'), () => isMirrored())).toBe(false);
    expect(isMirrored()).toBe(false);
  });
});

describe('runWithTrace', () => {
  it('keeps concurrent work apart', async () => {
    const [one, two] = [startTrace(), startTrace()];
    const seen = await Promise.all(
      [one, two].map((trace) =>
        runWithTrace(trace, async () => {
          await pause(5);
          return currentTrace();
        }),
      ),
    );
    expect(seen).toEqual([one, two]);
    expect(currentTrace()).toBeUndefined();
  });
});

describe('traceparentOf', () => {
  it('is what startTrace reads, and empty outside of a trace', () => {
    const trace = startTrace();
    expect(startTrace(traceparentOf(trace)).traceId).toBe(trace.traceId);
    expect(runWithTrace(trace, () => traceparentOf())).toBe(`00-${trace.traceId}-${trace.spanId}-01`);
    expect(traceparentOf()).toBe('');
  });
});
