/** The title of the window: the symbol with its price, marked when it is old. */
import { effect } from '@preact/signals';
import { figureText } from '../figures/figure-text.ts';
import { connection } from '../store/connection.ts';
import { placesFor } from '../store/instruments.ts';
import { selectedQuote } from '../store/selected-instrument.ts';
import { selectedSymbol } from '../store/selection.ts';

/** Begins to write the title. */
export function followTitle(): void {
  effect(() => {
    const symbol = selectedSymbol.value;
    const price = figureText(selectedQuote.value?.lastPrice, { places: placesFor(symbol).price });
    const isOld = !['live', 'connecting'].includes(connection.value.word);
    const title = symbol === '' ? 'Outcry' : `${price} ${symbol}${isOld ? ' (old)' : ''}`;
    if (document.title !== title) document.title = title;
  });
}
