/** Runs of automations and their states in words. */
import { RuleState, type Run, RunOutcome, type SliceProgress } from '#gen/outcry/auto/v1/auto_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { figureText } from '../../figures/figure-text.ts';
import { reasonText } from '../floor/reason-text.ts';

const states: Partial<Record<RuleState, string>> = {
  [RuleState.ENABLED]: 'waits',
  [RuleState.PAUSED]: 'paused',
  [RuleState.DONE]: 'done',
  [RuleState.DELETED]: 'deleted',
};

/** The state of an automation in a word. */
export function ruleStateText(state: RuleState): string {
  return states[state] ?? 'unknown';
}

/** The outcome of a run, with the reason. */
export function runText(run: Run): string {
  const progress = run.slice === undefined ? '' : `: ${progressText(run.slice)}`;
  const reason = run.reason === ErrorReason.UNSPECIFIED ? '' : `: ${reasonText(run)}`;
  switch (run.outcome) {
    case RunOutcome.PENDING:
      return `Under way${progress}`;
    case RunOutcome.DONE:
      return run.slice === undefined ? (run.orderId === '' ? 'Alert sent' : 'Order placed') : `Worked${progress}`;
    case RunOutcome.REFUSED:
      return `Refused${reason}`;
    case RunOutcome.MISSED:
      return missedText(run.metadata);
    default:
      return 'Not known';
  }
}

function missedText({ missed_count, missed_count_min }: Run['metadata']): string {
  if (missed_count_min !== undefined) return `Left out, with more than ${missed_count_min} before it: too late`;
  return missed_count === undefined || missed_count === '1'
    ? 'Left out: too late'
    : `Left out, ${missed_count} in a row: too late`;
}

function progressText({ quantity, filledQuantity, placedCount, refusedCount }: SliceProgress): string {
  const filled = `${figureText(filledQuantity, { trimmed: true })} of ${figureText(quantity, { trimmed: true })} filled`;
  const refused = refusedCount === 0 ? '' : `, ${refusedCount} refused`;
  return `${filled} by ${placedCount} orders${refused}`;
}
