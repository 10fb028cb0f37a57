/** The trading state of the symbol that is shown, in words. */
import { computed } from '@preact/signals';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { millisOf } from '../figures/time-text.ts';
import { placesFor } from '../store/instruments.ts';
import { calendar, nowMs, zone } from '../store/market-clock.ts';
import { selectedInstrument, selectedQuote } from '../store/selected-instrument.ts';
import { selectedSymbol } from '../store/selection.ts';
import { stateText } from './trading-state.ts';

const phases: Partial<Record<TradingState, string>> = {
  [TradingState.PRE_OPEN]: 'pre-open',
  [TradingState.OPENING_AUCTION]: 'opening auction',
  [TradingState.CONTINUOUS]: 'opens',
  [TradingState.CLOSING_AUCTION]: 'closing auction',
  [TradingState.CLOSED]: 'closes',
};

/** What is said of the state of the selected symbol. */
export const shownState = computed(() => {
  const nextMs = millisOf(calendar.value?.nextPhaseTime);
  const phase = phases[calendar.value?.nextPhase ?? TradingState.UNSPECIFIED];
  return stateText({
    quote: selectedQuote.value,
    instrument: selectedInstrument.value,
    nowMs: nowMs.value,
    zone: zone.value,
    places: placesFor(selectedSymbol.value).price,
    next: nextMs === undefined || phase === undefined ? undefined : { phase, timeMs: nextMs },
  });
});
