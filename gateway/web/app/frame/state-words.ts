/** What a screen reader says of changes of the connection and of trading: a change, never a countdown or an age. */
import type { ConnectionWord } from '../store/connection-state.ts';
import type { StateText } from './trading-state.ts';

const words: Record<ConnectionWord, string> = {
  connecting: '',
  live: 'Prices are live.',
  stale: 'Prices are old.',
  reconnecting: 'Reconnecting. Prices are old.',
  offline: 'Offline. Prices are old, nothing is sent.',
};

/** What is said when the word of the connection changes; empty: nothing, as while the page loads. */
export function connectionWords(before: ConnectionWord, now: ConnectionWord): string {
  return before === now || before === 'connecting' ? '' : words[now];
}

/** A symbol and its state. */
export type SpokenState = { symbol: string } & Pick<StateText, 'kind' | 'word' | 'text'>;

/** What is said when the state of the shown symbol changes, and whether at once; undefined: nothing, as on another symbol. */
export function tradingWords(before: SpokenState, now: SpokenState): { text: string; isAlert: boolean } | undefined {
  const { symbol, kind, word, text } = now;
  if (symbol !== before.symbol || before.word === '' || word === '' || kind === before.kind) return undefined;
  if (kind === 'halted') return { text: `${symbol} is halted, ${text}.`, isAlert: true };
  return {
    text: kind === 'auction' ? `${symbol} is in an auction.` : `${symbol} is ${word.toLowerCase()}.`,
    isAlert: false,
  };
}
