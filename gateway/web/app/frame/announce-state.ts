/** Says changes of the connection and of the shown symbol's trading to screen readers. */
import { effect } from '@preact/signals';
import { connection } from '../store/connection.ts';
import { selectedSymbol } from '../store/selection.ts';
import { alertNow, announce } from './announce.ts';
import { shownState } from './shown-state.ts';
import { connectionWords, type SpokenState, tradingWords } from './state-words.ts';

/** Begins to say them, for as long as the page lives. */
export function announceState(): void {
  let word = connection.peek().word;
  effect(() => {
    const now = connection.value.word;
    const text = connectionWords(word, now);
    word = now;
    if (text !== '') announce(text, 'connection');
  });
  let state: SpokenState = { symbol: '', kind: 'open', word: '', text: '' };
  effect(() => {
    const now = { symbol: selectedSymbol.value, ...shownState.value };
    const said = tradingWords(state, now);
    state = now;
    if (said?.isAlert) alertNow(said.text);
    else if (said !== undefined) announce(said.text, 'trading');
  });
}
