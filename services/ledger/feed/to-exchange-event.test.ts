import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { FeedEventSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { SettlementFault } from '../domain/settle.ts';
import { isRelevant, toExchangeEvent } from './to-exchange-event.ts';

describe('toExchangeEvent', () => {
  it('ignores events that move no money and free none', () => {
    const events = [
      { case: 'triggered', value: { orderId: 'o' } },
      { case: 'refreshed', value: { orderId: 'o', shownLots: 2n } },
      { case: 'uncrossed', value: { priceTicks: 5n } },
    ] as const;
    for (const event of events) {
      const message = create(FeedEventSchema, { sequence: 1n, event });
      expect(toExchangeEvent(message)).toBeUndefined();
      expect(isRelevant(message)).toBe(false);
    }
  });

  it('refuses an event that it does not know', () => {
    const unknown = create(FeedEventSchema, { sequence: 1n });
    expect(isRelevant(unknown)).toBe(true);
    expect(() => toExchangeEvent(unknown)).toThrow(SettlementFault);
  });

  it('has a form for every event that it counts as relevant', () => {
    const side = { orderId: 'o', side: Side.BUY };
    const events = [
      { case: 'traded', value: { maker: side, taker: side } },
      { case: 'cancelled', value: side },
      { case: 'rejected', value: { orderId: 'o' } },
      { case: 'replaced', value: { orderId: 'o' } },
      { case: 'split', value: { numerator: 2, denominator: 1 } },
    ] as const;
    for (const event of events) {
      const message = create(FeedEventSchema, { sequence: 1n, event });
      expect(isRelevant(message)).toBe(true);
      expect(toExchangeEvent(message)).toBeDefined();
    }
  });
});
