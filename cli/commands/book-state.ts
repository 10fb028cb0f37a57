import { HaltCause, HaltCauseSchema, type Instrument, type Quote } from '#gen/outcry/market/v1/market_pb.ts';
import { TradingState, TradingStateSchema } from '#gen/outcry/trading/v1/trading_pb.ts';
import { enumWord, timeWord } from '../output/words.ts';

/** The state of a book, who interrupted its trading and when that goes on, e.g. `halted (breaker), trades at 2026-03-06 15:05:00`. */
export function stateWords({
  state,
  haltCause,
  resumeTime,
  auctionEndTime,
}: Pick<Quote | Instrument, 'state' | 'haltCause' | 'resumeTime' | 'auctionEndTime'>): string {
  const word = enumWord(TradingStateSchema, state);
  if (haltCause === HaltCause.UNSPECIFIED) {
    return auctionEndTime === undefined ? word : `${word}, ends at ${timeWord(auctionEndTime)}`;
  }
  const caused = `${word} (${enumWord(HaltCauseSchema, haltCause)})`;
  return resumeTime === undefined ? caused : `${caused}, trades at ${timeWord(resumeTime)}`;
}

/** What there is to say of a book that does not trade: its state, and the price that an auction would have. Empty while it trades. */
export function pauseWords(quote: Quote): string[] {
  if (quote.state === TradingState.CONTINUOUS) return [];
  const { indicativePrice, indicativeQuantity } = quote;
  const auction = indicativePrice === '' ? [] : [`auction ${indicativeQuantity} at ${indicativePrice}`];
  return [stateWords(quote), ...auction];
}
