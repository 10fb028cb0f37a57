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
};

/** The fields that a quote and an instrument share. */
export type InterruptionFields = { haltCause: HaltCause; auctionStartTime?: Timestamp; resumeTime?: Timestamp };

/** Who interrupted trading, and when it goes on as far as that is known. */
export function interruptionFields({ state, stateCause, interruption }: Partial<StateFacts>): InterruptionFields {
  if (interruption !== undefined) {
    return {
      haltCause: HaltCause.BREAKER,
      auctionStartTime: timestampFromMs(interruption.auctionTimeMs),
      resumeTime: timestampFromMs(interruption.resumeTimeMs),
    };
  }
  // No calendar halts a book.
  const isOperators = state === TradingState.HALTED && stateCause === StateCause.UNSPECIFIED;
  return { haltCause: isOperators ? HaltCause.OPERATOR : HaltCause.UNSPECIFIED };
}

/** A state that a command has just set, whatever the feed has said so far. */
export function commandedState(state: TradingState): StateFacts {
  return { state, stateCause: StateCause.UNSPECIFIED, interruption: undefined };
}
