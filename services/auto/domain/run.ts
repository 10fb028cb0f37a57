/** Runs of automations: their outcomes, and when one is tried again. */
import { graceMs } from './due-runs.ts';
import type { Action } from './rule.ts';
import type { SliceProgress } from './slice.ts';

/** The outcome of a run; pending until it has one. */
export type RunOutcome = 'pending' | 'done' | 'refused' | 'missed';

/** The outcome of a finished run. `reason` is a name of the contract's closed list, without its prefix. */
export type RunEnd =
  /** Of a slice also why its last refused order was; empty: none was. */
  | { outcome: 'done'; orderId: string; reason?: string; metadata?: Record<string, string> }
  | { outcome: 'refused'; reason: string; metadata: Record<string, string> }
  | { outcome: 'missed'; metadata: Record<string, string> };

/** One run. Times are Unix ms. */
export type Run = {
  runId: string;
  ruleId: string;
  scheduledTimeMs: number;
  finishTimeMs: number | undefined;
  outcome: RunOutcome;
  /** Empty: none. */
  orderId: string;
  /** Empty: none. */
  reason: string;
  metadata: Record<string, string>;
  attempts: number;
  /** How far a slice was worked; undefined for other runs. */
  slice?: SliceProgress;
};

/** A run that was claimed, with what it needs of its rule. */
export type ClaimedRun = Run & { accountId: string; name: string; action: Action; isRuleDeleted: boolean };

/** The result of an attempt to place an order of a run; what it filled at once is in millionths of a share. */
export type PlacementResult =
  | { type: 'placed'; orderId: string; filledMicros: bigint }
  | { type: 'refused'; reason: string; metadata: Record<string, string> }
  /** No definite answer came; the order may have been placed. */
  | { type: 'unknown'; reason: string };

/** What follows an attempt: the run ends, or is tried again after so many ms. */
export type NextStep = { type: 'end'; end: RunEnd } | { type: 'retry'; delayMs: number };

const delayMinMs = 500;
const delayMaxMs = 10_000;

/** The client order id of a run: the same for each attempt, so that any number of attempts places one order. */
export function orderKeyOf({ runId }: Pick<Run, 'runId'>): string {
  return `auto-${runId}`;
}

/** How a claimed run ends without a further attempt; undefined when it may be tried. The attempt is counted already. */
export function endBeforeAttempt(run: ClaimedRun, nowMs: number): RunEnd | undefined {
  if (run.isRuleDeleted) return { outcome: 'refused', reason: 'RULE_NOT_FOUND', metadata: {} };
  if (nowMs <= run.scheduledTimeMs + graceMs) return undefined;
  return run.attempts === 1 ? { outcome: 'missed', metadata: { missed_count: '1' } } : expired(run, 'DEADLINE_EXPIRED');
}

/** What follows from a result. An unknown one is retried after 0.5 s, 1 s, 2 s and so on up to 10 s, within the grace. */
export function afterAttempt(run: ClaimedRun, result: PlacementResult, nowMs: number): NextStep {
  switch (result.type) {
    case 'placed':
      return { type: 'end', end: { outcome: 'done', orderId: result.orderId } };
    case 'refused':
      return { type: 'end', end: { outcome: 'refused', reason: result.reason, metadata: result.metadata } };
    case 'unknown': {
      const delayMs = nextDelayMs(run.attempts - 1);
      if (nowMs + delayMs <= run.scheduledTimeMs + graceMs) return { type: 'retry', delayMs };
      return { type: 'end', end: expired(run, result.reason) };
    }
    default:
      return result satisfies never;
  }
}

/** From a failed attempt to the next, in ms: 0.5 s, 1 s, 2 s and so on up to 10 s; `failures` are those before it. */
export function nextDelayMs(failures: number): number {
  return Math.min(delayMaxMs, delayMinMs * 2 ** failures);
}

// The outcome is unknown: with the client order id the owner can look the order up.
function expired(run: ClaimedRun, lastReason: string): RunEnd {
  const metadata = { client_order_id: orderKeyOf(run), last_reason: lastReason };
  return { outcome: 'refused', reason: 'DEADLINE_EXPIRED', metadata };
}
