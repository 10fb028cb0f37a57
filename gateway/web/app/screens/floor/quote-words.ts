/** The quote as it is spoken on demand. */
import type { Quote } from '#gen/outcry/market/v1/market_pb.ts';
import type { ConnectionState } from '../../store/connection-state.ts';

/** Last, bid and ask of a quote; first of all that they are old, if they are. */
export function quoteWords(
  { symbol, lastPrice, bidPrice, askPrice }: Pick<Quote, 'symbol' | 'lastPrice' | 'bidPrice' | 'askPrice'>,
  { word, text }: Pick<ConnectionState, 'word' | 'text'>,
): string {
  const old = word === 'live' ? '' : `Not live, ${text}: `;
  return `${old}${symbol} ${lastPrice || 'no trade'}, bid ${bidPrice || 'none'}, ask ${askPrice || 'none'}.`;
}
