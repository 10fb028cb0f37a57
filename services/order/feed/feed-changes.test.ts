import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { CancelReason, CancelReasonSchema, FeedEventSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { sampleOrder } from '../domain/testing/sample-order.ts';
import { applyFeedChange } from '../domain/transitions.ts';
import { changesOf } from './feed-changes.ts';

const reasons = CancelReasonSchema.values.filter(({ number }) => number !== CancelReason.UNSPECIFIED);

describe('changesOf', () => {
  it.each(reasons)('makes an order final that was cancelled for the reason $name', ({ number: reason }) => {
    const value = { orderId: 'o', accountId: 'a', reason: reason as CancelReason, remainingLots: 3n };
    const event = create(FeedEventSchema, { sequence: 9n, timeMs: 5n, event: { case: 'cancelled', value } });
    const [change, ...more] = changesOf(event);
    expect(more).toEqual([]);
    if (!change) throw new Error('the event changes no order');
    const { order, unexpected } = applyFeedChange(sampleOrder({ state: 'open' }), change);
    expect({ finalPosition: order.finalPosition, unexpected }).toEqual({ finalPosition: 9n, unexpected: false });
    expect(order.cancelReason).toBeDefined();
    expect(order.cancelRequested).toBe(reason === CancelReason.REQUESTED);
  });

  it('ignores events that change no order', () => {
    const events = [
      { case: 'refreshed', value: { orderId: 'o', shownLots: 2n } },
      { case: 'uncrossed', value: { priceTicks: 5n } },
      { case: 'split', value: { numerator: 2, denominator: 1 } },
    ] as const;
    for (const event of events) expect(changesOf(create(FeedEventSchema, { sequence: 1n, event }))).toEqual([]);
  });
});
