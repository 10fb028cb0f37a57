import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { RunOutcome, RunSchema } from '#gen/outcry/auto/v1/auto_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { runText } from './run-text.ts';

describe('runText', () => {
  it('has the reason of a refusal with its numbers', () => {
    const run = create(RunSchema, {
      outcome: RunOutcome.REFUSED,
      reason: ErrorReason.CASH_INSUFFICIENT,
      metadata: { needed: '10', available: '4', held: '0' },
    });
    expect(runText(run)).toMatch(/^Refused: needs up to 10/);
  });

  it('says how far slices came, and how many runs were left out', () => {
    const slice = { quantity: '100', filledQuantity: '40', placedCount: 4, refusedCount: 1 };
    expect(runText(create(RunSchema, { outcome: RunOutcome.PENDING, slice }))).toBe(
      'Under way: 40 of 100 filled by 4 orders, 1 refused',
    );
    expect(runText(create(RunSchema, { outcome: RunOutcome.MISSED, metadata: { missed_count: '3' } }))).toBe(
      'Left out, 3 in a row: too late',
    );
  });

  it('tells an alert from an order', () => {
    expect(runText(create(RunSchema, { outcome: RunOutcome.DONE }))).toBe('Alert sent');
    expect(runText(create(RunSchema, { outcome: RunOutcome.DONE, orderId: 'o' }))).toBe('Order placed');
  });
});
