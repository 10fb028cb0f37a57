/** The chart by the keyboard: arrows go from candle to candle, Enter says all of one. */
import { figureText } from '../../figures/figure-text.ts';
import { timeText } from '../../figures/time-text.ts';
import { announce } from '../../frame/announce.ts';
import { placesFor } from '../../store/instruments.ts';
import { nowMs, zone } from '../../store/market-clock.ts';
import { selectedSymbol } from '../../store/selection.ts';
import { barAfterKey } from './bar-after-key.ts';
import type { Bar } from './candle-bars.ts';
import { chartBars } from './chart-drawing.ts';
import type { ChartView } from './chart-view.ts';

let time: number | undefined;

/** What a key does on the chart; false: nothing. */
export function readChartByKey(key: string, view: ChartView | undefined): boolean {
  const bars = chartBars.peek();
  const bar = barAfterKey(bars, time, key);
  if (bar === undefined) return false;
  time = bar.time;
  view?.point(bar);
  announce(key === 'Enter' ? summaryOf(bar) : `${timeOf(bar)}, ${priceText(bar.close)}`, 'candle');
  return true;
}

function summaryOf(bar: Bar): string {
  const { open, high, low, close, volume } = bar;
  const prices = `open ${priceText(open)}, high ${priceText(high)}, low ${priceText(low)}, close ${priceText(close)}`;
  return `${timeOf(bar)}: ${prices}, volume ${figureText(String(volume), { places: 0 })}.`;
}

function timeOf(bar: Bar): string {
  return timeText(bar.time * 1_000, zone.peek(), nowMs.peek(), 'minutes');
}

function priceText(price: number): string {
  const { price: places } = placesFor(selectedSymbol.peek());
  return figureText(price.toFixed(places), { places });
}
