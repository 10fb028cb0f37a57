/** From a book's state to what the contract says of an interruption of trading. */
import { type Timestamp, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { StateCause } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { HaltCause } from '#gen/outcry/market/v1/market_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { Interruption } from '../../domain/interruption.ts';

/** What is known of a book's state; `stateCause` undefined: not why it has it. */
export type StateFacts = {
  state: TradingState;
  stateCause: StateCause | undefined;
  interruption: Interruption | undefined;
  auctionEndMs: number | undefined;
};

/** The fields that a quote and an instrument share. */
export type InterruptionFields = {
  haltCause: HaltCause;
  auctionStartTime?: Timestamp;
  resumeTime?: Timestamp;
  auctionEndTime?: Timestamp;
};

/** Who interrupted trading, when it goes on and when an auction ends, as far as that is known. */
export function interruptionFields(facts: Partial<StateFacts>): InterruptionFields {
  const { state, stateCause, interruption, auctionEndMs } = facts;
  if (interruption !== undefined) {
    const resumeTime = timestampFromMs(interruption.resumeTimeMs);
    return {
      haltCause: HaltCause.BREAKER,
      auctionStartTime: timestampFromMs(interruption.auctionTimeMs),
      resumeTime,
      ...(state === TradingState.OPENING_AUCTION && { auctionEndTime: resumeTime }),
    };
  }
  // No calendar halts a book.
  const isOperators = state === TradingState.HALTED && stateCause === StateCause.UNSPECIFIED;
  return {
    haltCause: isOperators ? HaltCause.OPERATOR : HaltCause.UNSPECIFIED,
    ...(auctionEndMs !== undefined && { auctionEndTime: timestampFromMs(auctionEndMs) }),
  };
}

/** A state that a command has just set, whatever the feed has said so far; `auctionEndMs`: when it ends, if it is an auction, Unix ms. */
export function commandedState(state: TradingState, auctionEndMs?: number): StateFacts {
  return { state, stateCause: StateCause.UNSPECIFIED, interruption: undefined, auctionEndMs };
}
