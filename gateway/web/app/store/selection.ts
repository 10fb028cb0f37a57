/** The symbol that the Floor shows; it comes from the address. */
import { computed, signal } from '@preact/signals';
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

let lastTimeFrame: TimeFrame | undefined;

/** The time frame in which the chart opens where no address names one; undefined until it is chosen, once for the page. */
export const openingTimeFrame = signal<TimeFrame | undefined>(undefined);

/** The time frame of the chart, on other screens the last one; undefined until one is chosen. */
export const selectedTimeFrame = computed(() => {
  if (route.value.screen === 'floor') lastTimeFrame = route.value.timeFrame;
  return lastTimeFrame ?? openingTimeFrame.value;
});
