/** What is known of the selected symbol. */
import { computed } from '@preact/signals';
import { instruments } from './instruments.ts';
import { quoteOf } from './quotes.ts';
import { selectedSymbol } from './selection.ts';

/** The instrument that the Floor shows; undefined until it is read. */
export const selectedInstrument = computed(() => instruments.value.get(selectedSymbol.value));

/** Its quote; undefined until there is one. */
export const selectedQuote = computed(() => quoteOf(selectedSymbol.value).value);
