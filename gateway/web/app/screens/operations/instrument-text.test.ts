import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { HaltCause, InstrumentSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { breakerText, tradingStateText } from './instrument-text.ts';

describe('tradingStateText', () => {
  it('says who halted', () => {
    expect(tradingStateText(TradingState.HALTED, HaltCause.OPERATOR)).toBe('HALTED, by an operator');
    expect(tradingStateText(TradingState.OPENING_AUCTION, HaltCause.BREAKER)).toBe('opening auction, by the breaker');
    expect(tradingStateText(TradingState.CONTINUOUS, HaltCause.UNSPECIFIED)).toBe('open');
  });
});

describe('breakerText', () => {
  it('has its distance and its times, or none', () => {
    const instrument = create(InstrumentSchema, {
      breakerBps: 700,
      breakerHaltDuration: { seconds: 300n },
      breakerAuctionDuration: { seconds: 60n },
    });
    expect(breakerText(instrument)).toBe('7.00\u2009%, halt 300 s, auction 60 s');
    expect(breakerText(create(InstrumentSchema, {}))).toBe('none');
  });
});
