import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { HaltCause, QuoteSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { Side, TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { timestampOf } from '../figures/time-text.ts';
import { stateText } from './trading-state.ts';

const nowMs = Date.UTC(2026, 10, 30, 15, 31, 0);
const textOf = (quote: Parameters<typeof create<typeof QuoteSchema>>[1], next?: { phase: string; timeMs: number }) =>
  stateText({
    quote: create(QuoteSchema, quote),
    instrument: undefined,
    nowMs,
    zone: { name: 'UTC', label: 'UTC' },
    places: 2,
    next,
  });

describe('stateText', () => {
  it('says why trading is halted and when it goes on', () => {
    const halted = textOf({
      state: TradingState.HALTED,
      haltCause: HaltCause.BREAKER,
      auctionStartTime: timestampOf(nowMs + 300_000),
      resumeTime: timestampOf(nowMs + 310_000),
    });
    expect(halted).toEqual({
      kind: 'halted',
      word: 'HALTED',
      text: 'the price moved too far, auction 15:36:00, trading 15:36:10',
    });
    expect(textOf({ state: TradingState.HALTED, haltCause: HaltCause.OPERATOR }).text).toBe('by the operator');
  });

  it('has the price, the imbalance and the end of an auction', () => {
    const auction = textOf(
      {
        state: TradingState.OPENING_AUCTION,
        indicativePrice: '186.20',
        indicativeQuantity: '1240',
        imbalanceSide: Side.BUY,
        imbalanceQuantity: '310',
        auctionEndTime: timestampOf(nowMs + 42_000),
      },
      { phase: 'closing auction', timeMs: nowMs + 900_000 },
    );
    expect(auction.text).toBe('186.20 x 1,240, buyers over by 310, ends 0:42');
    expect(textOf({ state: TradingState.PRE_OPEN }).text).toBe('no price yet');
    const byBreaker = { state: TradingState.OPENING_AUCTION, resumeTime: timestampOf(nowMs + 5_000) };
    expect(textOf(byBreaker).text).toBe('no price yet, ends 0:05');
  });

  it('has what comes next while the market is open', () => {
    const next = { phase: 'closing auction', timeMs: nowMs + 62_000 };
    expect(textOf({ state: TradingState.CONTINUOUS }, next)).toEqual({
      kind: 'open',
      word: 'Open',
      text: 'closing auction in 1:02',
    });
    expect(textOf({ state: TradingState.CONTINUOUS }).text).toBe('');
  });
});
