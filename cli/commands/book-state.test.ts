import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { HaltCause, QuoteSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { pauseWords, stateWords } from './book-state.ts';

const halted = {
  state: TradingState.HALTED,
  haltCause: HaltCause.BREAKER,
  resumeTime: timestampFromMs(Date.parse('2026-03-06T15:05:00Z')),
};

describe('stateWords', () => {
  it('says who halted a book, and when it trades again as far as that is known', () => {
    expect(stateWords(create(QuoteSchema, halted))).toBe('halted (breaker), trades at 2026-03-06 15:05:00');
    const byOperator = { ...halted, haltCause: HaltCause.OPERATOR, resumeTime: undefined };
    expect(stateWords(create(QuoteSchema, byOperator))).toBe('halted (operator)');
    expect(stateWords(create(QuoteSchema, { state: TradingState.CLOSED }))).toBe('closed');
  });

  it('says when an auction ends that no breaker began', () => {
    const auction = { state: TradingState.CLOSING_AUCTION, auctionEndTime: halted.resumeTime };
    expect(stateWords(create(QuoteSchema, auction))).toBe('closing auction, ends at 2026-03-06 15:05:00');
  });
});

describe('pauseWords', () => {
  it('says what an auction would trade, and nothing of a book that trades', () => {
    const auction = {
      ...halted,
      state: TradingState.OPENING_AUCTION,
      indicativePrice: '60.00',
      indicativeQuantity: '9',
    };
    expect(pauseWords(create(QuoteSchema, auction))).toEqual([
      'opening auction (breaker), trades at 2026-03-06 15:05:00',
      'auction 9 at 60.00',
    ]);
    expect(pauseWords(create(QuoteSchema, { state: TradingState.CONTINUOUS }))).toEqual([]);
  });
});
