/** What is to be done next for a slice, and how it ends. */
import { graceMs } from './due-runs.ts';
import type { RuleState } from './rule.ts';
import type { PlacementResult, Run, RunEnd } from './run.ts';
import { type SliceProfile, type SliceProgress, type SliceTerms, sliceOrderKey } from './slice.ts';
import { endOf, latestDue, type SliceTiming, timeOf } from './slice-times.ts';

/** The plan of a slice: the lot in millionths of a share, and a weight for each order. */
export type SlicePlan = { lotMicros: bigint; weights: bigint[]; profile: SliceProfile };

/** The reason of a refusal by its name without prefix, with its numbers; empty: none. */
export type LastReason = { reason: string; metadata: Record<string, string> };

/** A slice that is worked, as it was claimed. Shares are in millionths. */
export type ClaimedSlice = SliceProgress & {
  runId: string;
  ruleId: string;
  accountId: string;
  name: string;
  ruleState: RuleState;
  terms: SliceTerms;
  startMs: number;
  plan: SlicePlan | undefined;
  /** Number of the first order that is not handled. */
  nextIndex: number;
  /** Shares of that order when it was recorded and has no outcome: it may have been placed. */
  orderMicros: bigint | undefined;
  /** Failed attempts since the last outcome. */
  tries: number;
  /** Refusal of the last refused order. */
  last: LastReason;
  /** Claims so far. */
  attempts: number;
  /** Since when it is due, by the market. */
  dueMs: number;
};

/** What follows: to wait until a time, to size and place an order, to repeat the recorded one, or to end. */
export type SliceStep =
  | { type: 'wait'; timeMs: number }
  | { type: 'order'; index: number }
  | { type: 'repeat' }
  | { type: 'end'; end: RunEnd };

/** The times of a slice. */
export function timingOf({ startMs, terms }: Pick<ClaimedSlice, 'startMs' | 'terms'>): SliceTiming {
  return { startMs, durationMs: terms.durationMs, orderCount: terms.orderCount };
}

/**
 * The next step at `nowMs`. An order whose outcome is not known comes first, as no other can be sized before: it is repeated until a minute
 * after the end. Of several orders that are due only the last is placed. A paused slice waits, and ends at its time.
 */
export function stepOf(slice: ClaimedSlice, nowMs: number): SliceStep {
  const timing = timingOf(slice);
  const endMs = endOf(timing);
  const isRecorded = slice.orderMicros !== undefined;
  const lastMs = isRecorded ? endMs + graceMs : endMs - 1;
  if (slice.ruleState === 'deleted') return endWith(isRecorded ? unknownOf(slice, 'RULE_NOT_FOUND') : deletedEnd);
  if (nowMs > lastMs) return endWith(isRecorded ? unknownOf(slice, 'DEADLINE_EXPIRED') : endAtTime(slice));
  if (!isRecorded && isWorked(slice)) return endWith(endAtTime(slice));
  if (slice.ruleState === 'paused') return { type: 'wait', timeMs: lastMs + 1 };
  if (isRecorded) return { type: 'repeat' };
  const index = latestDue(timing, nowMs);
  return index < slice.nextIndex ? { type: 'wait', timeMs: timeOf(timing, slice.nextIndex) } : { type: 'order', index };
}

/** The slice after the recorded order had this outcome; undefined when it has none yet. */
export function afterOrder(slice: ClaimedSlice, result: PlacementResult): ClaimedSlice | undefined {
  if (result.type === 'unknown') return undefined;
  const handled = { ...slice, nextIndex: slice.nextIndex + 1, orderMicros: undefined, tries: 0 };
  if (result.type === 'refused') return { ...handled, refusedCount: slice.refusedCount + 1, last: result };
  return {
    ...handled,
    placedCount: slice.placedCount + 1,
    placedMicros: slice.placedMicros + (slice.orderMicros ?? 0n),
    filledMicros: slice.filledMicros + result.filledMicros,
  };
}

/** The run of a slice with how far that was worked; its attempts are the orders that have an outcome. */
export function withProgress(run: Run, slice: SliceProgress): Run {
  return { ...run, attempts: slice.placedCount + slice.refusedCount, slice };
}

const deletedEnd: RunEnd = { outcome: 'refused', reason: 'RULE_NOT_FOUND', metadata: {} };

function endWith(end: RunEnd): SliceStep {
  return { type: 'end', end };
}

function isWorked({ nextIndex, terms, filledMicros, totalMicros }: ClaimedSlice): boolean {
  return nextIndex >= terms.orderCount || filledMicros >= totalMicros;
}

function endAtTime({ plan, placedCount, refusedCount, last }: ClaimedSlice): RunEnd {
  if (plan === undefined) return { outcome: 'missed', metadata: { missed_count: '1' } };
  if (placedCount === 0 && refusedCount > 0) return { outcome: 'refused', ...last };
  return { outcome: 'done', orderId: '', ...last };
}

// The outcome is unknown: with the client order id the owner can look the order up.
function unknownOf({ runId, nextIndex }: ClaimedSlice, reason: string): RunEnd {
  return { outcome: 'refused', reason, metadata: { client_order_id: sliceOrderKey(runId, nextIndex) } };
}
