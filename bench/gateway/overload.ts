/** Goodput and refusals when twice as much is offered as can be done. */
import { runClosedLoop } from '../load/closed-loop.ts';
import { medianOf } from '../load/median.ts';
import { runOpenLoop } from '../load/open-loop.ts';
import type { Report } from '../report/report.ts';
import type { Caller } from './callers.ts';

const drainMs = 20_000;
const targets = { goodput: 0.9, refusalMs: 10 };

/** Finds the greatest rate with callers that wait for their answers, then offers twice that. Rejects when a call fails otherwise. */
export async function measureOverload(options: {
  caller: Caller;
  callers: number;
  durationMs: number;
  report: Report;
  signal: AbortSignal;
}): Promise<void> {
  const { caller, callers, durationMs, report, signal } = options;
  report.progress('overload, peak');
  let placed = 0;
  const startMs = performance.now();
  const call = async () => {
    if ((await caller.call()) === 'placed') placed += 1;
  };
  await runClosedLoop({ callers, durationMs, call, signal });
  const peak = (1_000 * placed) / (performance.now() - startMs);
  report.figure({ metric: 'overload.peak', value: peak, unit: 'orders/s' });

  report.progress('overload, twice the peak');
  const offered = 2 * peak;
  const dueMs = Float64Array.from({ length: (offered * durationMs) / 1_000 }, (_, index) => (index * 1_000) / offered);
  const placedMs: number[] = [];
  const refusedMs: number[] = [];
  let failed = 0;
  let placedInTime = 0;
  const beganMs = performance.now();
  const offer = async () => {
    const sentMs = performance.now();
    const end = await caller.call();
    const tookMs = performance.now() - sentMs;
    if (end === 'failed') failed += 1;
    else (end === 'placed' ? placedMs : refusedMs).push(tookMs);
    if (end === 'placed' && performance.now() - beganMs <= durationMs) placedInTime += 1;
  };
  const { unfinished } = await runOpenLoop({ dueMs, call: offer, drainMs, signal });
  if (failed + unfinished > 0) throw new Error(`overload: ${failed + unfinished} calls had no answer`);
  const goodput = (1_000 * placedInTime) / durationMs;
  const target = { what: 'target, at least', value: targets.goodput * peak };
  report.figure({ metric: 'overload.offered', value: offered, unit: 'orders/s' });
  report.figure({ metric: 'overload.goodput', value: goodput, unit: 'orders/s', against: target });
  report.figure({ metric: 'overload.refused', value: refusedMs.length, unit: 'orders' });
  const bound = { what: 'target, at most', value: targets.refusalMs };
  report.figure({ metric: 'overload.refusal_p50', value: medianOf(refusedMs), unit: 'ms', against: bound });
  report.figure({ metric: 'overload.placed_p50', value: medianOf(placedMs), unit: 'ms' });
}
