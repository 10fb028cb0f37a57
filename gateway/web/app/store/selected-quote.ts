/** The quote of the selected symbol, where the stream of all quotes does not have it. */
import { effect } from '@preact/signals';
import { followQuote, streamedSymbols } from './quotes.ts';
import { selectedSymbol } from './selection.ts';

/** Follows it for as long as the page lives. */
export function followSelectedQuote(): void {
  let current = new AbortController();
  effect(() => {
    current.abort();
    current = new AbortController();
    const symbol = selectedSymbol.value;
    const streamed = streamedSymbols.value;
    if (symbol !== '' && streamed !== undefined && !streamed.has(symbol)) void followQuote(symbol, current.signal);
  });
}
