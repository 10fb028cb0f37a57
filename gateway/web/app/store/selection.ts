/** The symbol that the Floor shows; it comes from the address. */
import { computed } from '@preact/signals';
import type { TimeFrame } from '../router/route.ts';
import { route } from '../router/router.ts';
import { quotedSymbols } from './quotes.ts';

let lastNamed = '';

/** The symbol of the address, on other screens the last one, else the first that is quoted; empty until one is known. */
export const selectedSymbol = computed(() => {
  const shown = route.value;
  if (shown.screen === 'floor') lastNamed = shown.symbol;
  return lastNamed || quotedSymbols.value[0] || '';
});

let lastTimeFrame: TimeFrame = '1m';

/** The time frame of the chart, on other screens the last one. */
export const selectedTimeFrame = computed(() => {
  if (route.value.screen === 'floor') lastTimeFrame = route.value.timeFrame;
  return lastTimeFrame;
});
