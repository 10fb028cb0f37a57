/** Runs of automations: how one ends, and when it is tried again. */
import { graceMs } from './due-runs.ts';
import type { Action } from './rule.ts';

/** How a run went. */
export type RunOutcome = 'pending' | 'done' | 'refused' | 'missed';

/** How a run ended. `reason` is a name of the contract's closed list, without its prefix. */
export type RunEnd =
  | { outcome: 'done'; orderId: string }
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
};

/** A run that was claimed, with what it needs of its rule. */
export type ClaimedRun = Run & { accountId: string; name: string; action: Action; isRuleDeleted: boolean };

/** What the order service said to an attempt. */
export type Answer =
  | { type: 'placed'; orderId: string }
  | { type: 'refused'; reason: string; metadata: Record<string, string> }
  /** Nothing certain was heard; the order may have been placed all the same. */
  | { type: 'unheard'; reason: string };

/** What follows: the run is over, or tried again at a time. */
export type NextStep = { type: 'end'; end: RunEnd } | { type: 'again'; timeMs: number };

const delayMinMs = 500;
const delayMaxMs = 10_000;

/** The key of a run's order: the same for each attempt, so that however often it is tried there is one order. */
export function orderKeyOf({ runId }: Pick<Run, 'runId'>): string {
  return `auto-${runId}`;
}

/** Whether a claimed run may not be tried any more, and how it ends then; undefined: try it. The attempt is counted already. */
export function endBeforeAttempt(run: ClaimedRun, nowMs: number): RunEnd | undefined {
  if (run.isRuleDeleted) return { outcome: 'refused', reason: 'RULE_NOT_FOUND', metadata: {} };
  if (nowMs <= run.scheduledTimeMs + graceMs) return undefined;
  return run.attempts === 1 ? { outcome: 'missed', metadata: { missed_count: '1' } } : unheard(run, 'DEADLINE_EXPIRED');
}

/** What follows from an answer. What was not heard is tried again after 0.5 s, 1 s, 2 s and so on up to 10 s, within the grace. */
export function afterAttempt(run: ClaimedRun, answer: Answer, nowMs: number): NextStep {
  switch (answer.type) {
    case 'placed':
      return { type: 'end', end: { outcome: 'done', orderId: answer.orderId } };
    case 'refused':
      return { type: 'end', end: { outcome: 'refused', reason: answer.reason, metadata: answer.metadata } };
    case 'unheard': {
      const timeMs = nowMs + Math.min(delayMaxMs, delayMinMs * 2 ** (run.attempts - 1));
      if (timeMs <= run.scheduledTimeMs + graceMs) return { type: 'again', timeMs };
      return { type: 'end', end: unheard(run, answer.reason) };
    }
    default:
      return answer satisfies never;
  }
}

// Not known to be refused: the key lets the owner ask what became of it.
function unheard(run: ClaimedRun, lastReason: string): RunEnd {
  const metadata = { client_order_id: orderKeyOf(run), last_reason: lastReason };
  return { outcome: 'refused', reason: 'DEADLINE_EXPIRED', metadata };
}
