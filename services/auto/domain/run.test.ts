import { describe, expect, it } from 'vitest';
import { afterAttempt, type ClaimedRun, endBeforeAttempt, orderKeyOf } from './run.ts';

const run: ClaimedRun = {
  runId: 'run-1',
  ruleId: 'rule-1',
  accountId: 'account-1',
  name: 'weekly',
  action: { type: 'alert', note: '' },
  isRuleDeleted: false,
  scheduledTimeMs: 1_000_000,
  finishTimeMs: undefined,
  outcome: 'pending',
  orderId: '',
  reason: '',
  metadata: {},
  attempts: 1,
};

describe('orderKeyOf', () => {
  it('is the same for every attempt of a run', () => {
    expect(orderKeyOf(run)).toBe('auto-run-1');
    expect(orderKeyOf({ ...run, attempts: 5 } as ClaimedRun)).toBe('auto-run-1');
  });
});

describe('endBeforeAttempt', () => {
  it('lets a run be tried for a minute', () => {
    expect(endBeforeAttempt(run, 1_060_000)).toBeUndefined();
  });

  it('distinguishes what was never tried from what may have been placed', () => {
    expect(endBeforeAttempt(run, 1_060_001)).toMatchObject({ outcome: 'missed' });
    expect(endBeforeAttempt({ ...run, attempts: 2 }, 1_060_001)).toMatchObject({
      outcome: 'refused',
      reason: 'DEADLINE_EXPIRED',
      metadata: { client_order_id: 'auto-run-1' },
    });
  });

  it('places nothing for a rule that was deleted', () => {
    expect(endBeforeAttempt({ ...run, isRuleDeleted: true }, 1_000_000)).toMatchObject({ reason: 'RULE_NOT_FOUND' });
  });
});

describe('afterAttempt', () => {
  it('ends with what the order service decided', () => {
    expect(afterAttempt(run, { type: 'placed', orderId: 'o', filledMicros: 0n }, 0)).toEqual({
      type: 'end',
      end: { outcome: 'done', orderId: 'o' },
    });
    const refused = { reason: 'CASH_INSUFFICIENT', metadata: { needed: '5' } };
    expect(afterAttempt(run, { type: 'refused', ...refused }, 0)).toEqual({
      type: 'end',
      end: { outcome: 'refused', ...refused },
    });
  });

  it('retries an unknown result, ever more slowly, until the grace is over', () => {
    const retryOf = (attempts: number, nowMs: number) =>
      afterAttempt({ ...run, attempts }, { type: 'unknown', reason: 'OVERLOADED' }, nowMs);
    expect(retryOf(1, 1_000_000)).toEqual({ type: 'retry', delayMs: 500 });
    expect(retryOf(3, 1_000_000)).toEqual({ type: 'retry', delayMs: 2_000 });
    expect(retryOf(9, 1_050_000)).toEqual({ type: 'retry', delayMs: 10_000 });
    expect(retryOf(9, 1_050_001)).toEqual({
      type: 'end',
      end: {
        outcome: 'refused',
        reason: 'DEADLINE_EXPIRED',
        metadata: { client_order_id: 'auto-run-1', last_reason: 'OVERLOADED' },
      },
    });
  });
});
