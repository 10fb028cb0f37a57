import { describe, expect, it } from 'vitest';
import { orderOfPart, type SliceTerms, sliceOrderKey, usualOrderCount } from './slice.ts';
import { afterOrder, type ClaimedSlice, stepOf } from './slice-step.ts';

const terms: SliceTerms = {
  order: {
    symbol: 'ACME',
    side: 'sell',
    type: 'limit',
    timeInForce: '',
    size: { kind: 'quantity', value: '10' },
    limitPrice: '5',
    postOnly: false,
  },
  algorithm: 'twap',
  durationMs: 40_000,
  orderCount: 4,
};
const slice: ClaimedSlice = {
  runId: 'run-1',
  ruleId: 'rule-1',
  accountId: 'account-1',
  name: 'large',
  ruleState: 'enabled',
  terms,
  startMs: 1_000_000,
  plan: { lotMicros: 1n, weights: [1n, 1n, 1n, 1n], profile: 'even' },
  profile: 'even',
  totalMicros: 10n,
  placedMicros: 5n,
  filledMicros: 4n,
  placedCount: 2,
  refusedCount: 0,
  nextIndex: 2,
  orderMicros: undefined,
  tries: 0,
  last: { reason: '', metadata: {} },
  attempts: 3,
  dueMs: 0,
};
const recorded: ClaimedSlice = { ...slice, orderMicros: 3n };
const refusal = { reason: 'CASH_INSUFFICIENT', metadata: { needed: '5' } };
const endOf = (of: ClaimedSlice, nowMs: number) => {
  const step = stepOf(of, nowMs);
  return step.type === 'end' ? step.end : step;
};

describe('stepOf', () => {
  it('waits for the next order, and takes the last of those that are due', () => {
    expect(stepOf(slice, 1_019_999)).toEqual({ type: 'wait', timeMs: 1_020_000 });
    expect(stepOf(slice, 1_020_000)).toEqual({ type: 'order', index: 2 });
    expect(stepOf(slice, 1_030_000)).toEqual({ type: 'order', index: 3 });
  });

  it('repeats an order without an outcome before all others, until a minute after the end', () => {
    expect(stepOf(recorded, 1_035_000)).toEqual({ type: 'repeat' });
    expect(stepOf(recorded, 1_100_000)).toEqual({ type: 'repeat' });
    expect(endOf(recorded, 1_100_001)).toEqual({
      outcome: 'refused',
      reason: 'DEADLINE_EXPIRED',
      metadata: { client_order_id: 'auto-run-1-2' },
    });
  });

  it('ends at its time, when all is filled, and after the last order', () => {
    const done = { outcome: 'done', orderId: '', reason: '', metadata: {} };
    expect(endOf(slice, 1_040_000)).toEqual(done);
    expect(endOf({ ...slice, filledMicros: 10n }, 1_020_000)).toEqual(done);
    expect(endOf({ ...slice, nextIndex: 4 }, 1_031_000)).toEqual(done);
  });

  it('ends with the last refusal, which is the outcome when nothing was placed', () => {
    const refused = { ...slice, refusedCount: 1, last: refusal };
    expect(endOf(refused, 1_040_000)).toEqual({ outcome: 'done', orderId: '', ...refusal });
    expect(endOf({ ...refused, placedCount: 0 }, 1_040_000)).toEqual({ outcome: 'refused', ...refusal });
  });

  it('is missed when it could not be begun before its end', () => {
    const late = { ...slice, plan: undefined, nextIndex: 0, placedCount: 0 };
    expect(endOf(late, 1_040_000)).toMatchObject({ outcome: 'missed' });
    expect(endOf(late, 1_039_999)).toEqual({ type: 'order', index: 3 });
  });

  it('places nothing while it is paused, and ends when it is deleted', () => {
    expect(stepOf({ ...slice, ruleState: 'paused' }, 1_020_000)).toEqual({ type: 'wait', timeMs: 1_040_000 });
    expect(stepOf({ ...recorded, ruleState: 'paused' }, 1_020_000)).toEqual({ type: 'wait', timeMs: 1_100_001 });
    const deletion = { outcome: 'refused', reason: 'RULE_NOT_FOUND', metadata: {} };
    expect(endOf({ ...slice, ruleState: 'deleted' }, 1_020_000)).toEqual(deletion);
    expect(endOf({ ...recorded, ruleState: 'deleted' }, 1_020_000)).toEqual({
      ...deletion,
      metadata: { client_order_id: 'auto-run-1-2' },
    });
  });
});

describe('afterOrder', () => {
  it('counts what was placed and filled', () => {
    expect(afterOrder(recorded, { type: 'placed', orderId: 'o', filledMicros: 1n })).toMatchObject({
      ...{ nextIndex: 3, orderMicros: undefined, placedMicros: 8n, filledMicros: 5n, placedCount: 3, refusedCount: 0 },
    });
  });

  it('leaves what was refused to the orders after it', () => {
    expect(afterOrder({ ...recorded, tries: 2 }, { type: 'refused', ...refusal })).toMatchObject({
      ...{ nextIndex: 3, orderMicros: undefined, placedMicros: 5n, refusedCount: 1, last: refusal, tries: 0 },
    });
  });

  it('has nothing without a definite answer', () => {
    expect(afterOrder(recorded, { type: 'unknown', reason: 'OVERLOADED' })).toBeUndefined();
  });
});

describe('an order of a slice', () => {
  it('is IOC, and has one key for all attempts that is short enough', () => {
    expect(orderOfPart(terms, '2.5')).toEqual({
      ...terms.order,
      timeInForce: 'ioc',
      size: { kind: 'quantity', value: '2.5' },
    });
    expect(sliceOrderKey(crypto.randomUUID(), 499).length).toBeLessThanOrEqual(64);
  });

  it('comes once a minute unless its owner says otherwise', () => {
    expect([2_000, 3_600_000, 24 * 3_600_000].map(usualOrderCount)).toEqual([2, 60, 500]);
  });
});
