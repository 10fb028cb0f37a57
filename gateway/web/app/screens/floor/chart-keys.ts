/** The chart by the keyboard: arrows go from candle to candle, Enter says all of one. */
import { figureText } from '../../figures/figure-text.ts';
import { timeText } from '../../figures/time-text.ts';
import { announce } from '../../frame/announce.ts';
import { placesFor } from '../../store/instruments.ts';
import { nowMs, zone } from '../../store/market-clock.ts';
import { preferences } from '../../store/preferences.ts';
import { selectedSymbol } from '../../store/selection.ts';
import { barAfterKey } from './bar-after-key.ts';
import type { Bar } from './candle-bars.ts';
import { barPrecision, chartBars } from './chart-drawing.ts';
import type { ChartView } from './chart-view.ts';
import { indicatorRows } from './indicator-feed.ts';
import { linesOf, lineText, valueText } from './indicator-lines.ts';
import { rowAt } from './indicator-rows.ts';

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
  return `${timeOf(bar)}: ${prices}, volume ${figureText(String(volume), { places: 0 })}${indicatorsOf(bar)}.`;
}

function indicatorsOf({ time }: Bar): string {
  const { indicators } = preferences.peek();
  const values = rowAt(indicatorRows.peek(), time)?.values;
  const { average } = placesFor(selectedSymbol.peek());
  const texts = linesOf(indicators).map((line) => {
    const choice = indicators[line.choice];
    return choice === undefined
      ? ''
      : `, ${lineText(choice, line)} ${valueText(values?.[line.place], choice.kind, average)}`;
  });
  return texts.join('');
}

function timeOf(bar: Bar): string {
  return timeText(bar.time * 1_000, zone.peek(), nowMs.peek(), barPrecision.peek());
}

function priceText(price: number): string {
  const { price: places } = placesFor(selectedSymbol.peek());
  return figureText(price.toFixed(places), { places });
}
