/** Instruments as an operator sees them. */
import { HaltCause, type Instrument } from '#gen/outcry/market/v1/market_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { bpsText } from '../money/fee-text.ts';

const states: Partial<Record<TradingState, string>> = {
  [TradingState.PRE_OPEN]: 'pre-open',
  [TradingState.OPENING_AUCTION]: 'opening auction',
  [TradingState.CONTINUOUS]: 'open',
  [TradingState.HALTED]: 'HALTED',
  [TradingState.CLOSING_AUCTION]: 'closing auction',
  [TradingState.CLOSED]: 'closed',
  [TradingState.DELISTED]: 'delisted',
};

/** The state of a book, with who interrupted it. */
export function tradingStateText(state: TradingState, cause: HaltCause): string {
  const text = states[state] ?? 'unknown';
  if (cause === HaltCause.OPERATOR) return `${text}, by an operator`;
  return cause === HaltCause.BREAKER ? `${text}, by the breaker` : text;
}

/** The circuit breaker in words: `7 %, halt 300 s, auction 60 s`. */
export function breakerText(instrument: Instrument): string {
  const { breakerBps, breakerHaltDuration, breakerAuctionDuration } = instrument;
  if (breakerBps === 0) return 'none';
  const seconds = (duration: { seconds: bigint } | undefined) => `${duration?.seconds ?? 0n} s`;
  return `${bpsText(breakerBps)}, halt ${seconds(breakerHaltDuration)}, auction ${seconds(breakerAuctionDuration)}`;
}
