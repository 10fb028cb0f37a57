import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Health } from '#gen/health/v1/health_pb.ts';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { startTrace } from '#platform/telemetry/trace-context.ts';
import { SlowCalls, slowCallsAgeMaxMs, slowCallsMax } from './slow-calls.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.UTC(2026, 0, 5) }));
afterEach(() => void vi.useRealTimers());

const { placeOrder } = OrderService.method;
const trace = startTrace(undefined, 'r1');

/** Notes calls of these lengths, each of which ends now. */
function note(calls: SlowCalls, durationsMs: readonly number[], method: typeof placeOrder | object = placeOrder): void {
  for (const durationMs of durationsMs) {
    const call = { method: method as typeof placeOrder, startTimeMs: performance.now() - durationMs, code: Code.OK };
    calls.note(trace, call);
  }
}

const lengths = (calls: SlowCalls) => calls.slowest().map(({ durationMs }) => Math.round(durationMs));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('SlowCalls', () => {
  it('gives the slowest of many, the slowest first, whatever their order was', () => {
    const slowestOfAll = upTo(500).toReversed().slice(0, slowCallsMax);
    for (const durationsMs of [upTo(500), upTo(500).toReversed(), [...upTo(250), ...upTo(500).slice(250)]]) {
      const calls = new SlowCalls();
      note(calls, durationsMs);
      expect(lengths(calls)).toEqual(slowestOfAll);
    }
  });

  it('has of a call its RPC, end, code and ids, and nothing else', () => {
    const calls = new SlowCalls();
    note(calls, [12]);
    expect(calls.slowest()).toEqual([
      { method: placeOrder, durationMs: 12, code: 0, endTimeMs: Date.now(), traceId: trace.traceId, requestId: 'r1' },
    ]);
  });

  it('forgets a call after 15 minutes, and has those that were faster and came later', () => {
    const calls = new SlowCalls();
    note(
      calls,
      upTo(slowCallsMax).map((index) => 10_000 + index),
    );
    vi.advanceTimersByTime(60_000);
    note(calls, [7, 9]);
    expect(lengths(calls)).not.toContain(9);
    vi.advanceTimersByTime(slowCallsAgeMaxMs - 30_000);
    expect(lengths(calls)).toEqual([9, 7]);
    vi.advanceTimersByTime(31_000);
    expect(lengths(calls)).toEqual([]);
  });

  it('is bounded over a day', () => {
    const calls = new SlowCalls();
    for (let minute = 0; minute < 24 * 60; minute += 1, vi.advanceTimersByTime(60_000)) note(calls, upTo(40));
    expect(lengths(calls)).toEqual(Array.from({ length: slowCallsMax }, (_, index) => 40 - Math.floor(index / 15)));
    expect(calls.storedCount).toBeLessThanOrEqual(16 * slowCallsMax);
  });

  it('leaves out streams and what the platform serves beside the service', () => {
    const calls = new SlowCalls();
    note(calls, [5_000], MarketService.method.streamQuotes);
    note(calls, [5_000], Health.method.check);
    expect(lengths(calls)).toEqual([]);
  });
});
