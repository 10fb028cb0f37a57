/** The symbol that the Floor shows; it comes from the address. */
import { computed } from '@preact/signals';
import { route } from '../router/router.ts';
import { quotedSymbols } from './quotes.ts';

let lastNamed = '';

/** The symbol of the address, on other screens the last one, else the first that is quoted; empty until one is known. */
export const selectedSymbol = computed(() => {
  const shown = route.value;
  if (shown.screen === 'floor') lastNamed = shown.symbol;
  return lastNamed || quotedSymbols.value[0] || '';
});

/** The time frame of the chart. */
export const selectedTimeFrame = computed(() => (route.value.screen === 'floor' ? route.value.timeFrame : '1m'));
