import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { FeedEventSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { SettlementFault } from '../domain/settle.ts';
import { toExchangeEvent } from './to-exchange-event.ts';

describe('toExchangeEvent', () => {
  it('ignores events that move no money and free none', () => {
    const events = [
      { case: 'triggered', value: { orderId: 'o' } },
      { case: 'refreshed', value: { orderId: 'o', shownLots: 2n } },
      { case: 'uncrossed', value: { priceTicks: 5n } },
      { case: 'split', value: { numerator: 2, denominator: 1 } },
    ] as const;
    for (const event of events) {
      expect(toExchangeEvent(create(FeedEventSchema, { sequence: 1n, event }))).toBeUndefined();
    }
  });

  it('refuses an event that it does not know', () => {
    expect(() => toExchangeEvent(create(FeedEventSchema, { sequence: 1n }))).toThrow(SettlementFault);
  });
});
