import { describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { CancelReason as CancelReasons, StateCause as StateCauses } from '#gen/outcry/exchange/v1/feed_pb.ts';
import * as trading from '#gen/outcry/trading/v1/trading_pb.ts';
import * as codes from '../../engine/model/codes.ts';

/** What the contract does not set. */
const unnamed = ['NONE', 'COMMAND'];

describe('codes', () => {
  it.each([
    ['Side', codes.Side, trading.Side],
    ['OrderType', codes.OrderType, trading.OrderType],
    ['ListType', codes.ListType, trading.ListType],
    ['StateCause', codes.StateCause, StateCauses],
    ['TimeInForce', codes.TimeInForce, trading.TimeInForce],
    ['SelfTrade', codes.SelfTrade, trading.SelfTradePrevention],
    ['TradingState', codes.TradingState, trading.TradingState],
    ['CancelReason', codes.CancelReason, CancelReasons],
    ['Reason', codes.Reason, ErrorReason],
  ])('%s has the numbers of the contract', (_, own, contract: Record<string, unknown>) => {
    for (const [name, value] of Object.entries(own))
      expect(contract[unnamed.includes(name) ? 'UNSPECIFIED' : name]).toBe(value);
  });
});
