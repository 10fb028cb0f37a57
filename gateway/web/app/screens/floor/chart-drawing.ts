/** Draws what is selected: the chart paints itself, so that all here runs outside of the components. */
import { computed, effect, signal } from '@preact/signals';
import type { Auction } from '#gen/outcry/market/v1/market_pb.ts';
import { toNumber } from '../../figures/decimal.ts';
import { timeText } from '../../figures/time-text.ts';
import { shownState } from '../../frame/shown-state.ts';
import type { TimeFrame } from '../../router/route.ts';
import { market } from '../../rpc/clients.ts';
import { failureOf, failureText } from '../../rpc/failure.ts';
import { placesFor } from '../../store/instruments.ts';
import { nowMs, zone, zoneSeconds } from '../../store/market-clock.ts';
import { ownFills } from '../../store/own-orders.ts';
import { preferences } from '../../store/preferences.ts';
import { selectedSymbol, selectedTimeFrame } from '../../store/selection.ts';
import { type Bar, barsWith, frames } from './candle-bars.ts';
import { chartBands } from './chart-bands.ts';
import { chartColours } from './chart-colours.ts';
import { followCandles } from './chart-feed.ts';
import { chartOrders, priceOf } from './chart-orders.tsx';
import type { ChartView } from './chart-view.ts';
import { takePrice } from './draft.ts';
import { fillMarks } from './fill-marks.ts';
import { followIndicators, indicatorRows } from './indicator-feed.ts';

const auctionsMax = 200;

/** Why the chart has no candles; empty: it has. */
export const chartFailure = signal('');
/** The candles that are shown. */
export const chartBars = signal<Bar[]>([]);

/** To what the start of a candle is written. */
export const barPrecision = computed(() => (secondsOf(selectedTimeFrame.value) < 60 ? 'seconds' : 'minutes'));

// The text beside it counts down four times a second.
const tradingWord = computed(() => `${shownState.value.kind} ${shownState.value.word}`);
const auctions = signal<readonly Auction[]>([]);

/** Draws into an element until what it returns is called. */
export function drawIn(element: HTMLElement, view: ChartView): () => void {
  const take = (event: MouseEvent) => {
    const price = view.priceAt(event.clientY - element.getBoundingClientRect().top);
    if (event.shiftKey && price !== undefined) {
      const { price: places } = placesFor(selectedSymbol.peek());
      takePrice(price.toFixed(places), places);
    }
  };
  element.addEventListener('click', take);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const paint = () => {
    view.setColours(chartColours(element));
    drawAnew(view);
    setBands(view);
  };
  scheme.addEventListener('change', paint);
  const ends = [
    effect(() => {
      void [preferences.value.theme, preferences.value.colours];
      paint();
    }),
    effect(() => setFormat(view)),
    followCandles({
      onAll(next) {
        chartFailure.value = '';
        chartBars.value = [...next];
        drawAnew(view);
      },
      onBar: (bar) => addBar(view, bar),
      onFailure(error) {
        chartFailure.value = failureText(failureOf(error));
      },
    }),
    followIndicators({
      onChoices: (choices) => view.setIndicators(choices),
      onAll: (rows) => view.setValues(rows),
      onChanged: (changed, all) => view.updateValues(changed, all),
    }),
    effect(() => view.setLines(chartOrders.value.map((order) => ({ price: toNumber(priceOf(order)) })))),
    effect(() => setMarks(view)),
    effect(readAuctions),
    effect(() => setBands(view)),
  ];
  return () => {
    for (const end of ends) end();
    scheme.removeEventListener('change', paint);
    element.removeEventListener('click', take);
    view.remove();
  };
}

// Only a new bar is a change of the list: its last one changes in each frame.
function addBar(view: ChartView, bar: Bar): void {
  const known = chartBars.peek();
  if (known.at(-1)?.time === bar.time) {
    known[known.length - 1] = bar;
    view.update(bar);
    return;
  }
  const bars = barsWith(known, bar);
  chartBars.value = [...bars];
  if (bars.length > known.length) view.update(bar);
  else drawAnew(view);
}

function drawAnew(view: ChartView): void {
  view.setBars(chartBars.peek());
  view.setValues(indicatorRows.peek());
}

function setFormat(view: ChartView): void {
  const shown = zone.value;
  const places = placesFor(selectedSymbol.value).price;
  const hasSeconds = barPrecision.value === 'seconds';
  const text = (seconds: number) => timeText(seconds * 1_000, shown, nowMs.peek(), barPrecision.peek());
  view.setFormat({ places, timeText: text, shiftSeconds: zoneSeconds.value, hasSeconds });
  drawAnew(view);
}

function secondsOf(frame: TimeFrame | undefined): number {
  return frames[frame ?? '1m'].seconds;
}

function setMarks(view: ChartView): void {
  const seconds = secondsOf(selectedTimeFrame.value);
  const own = ownFills.value.filter(({ symbol }) => symbol === selectedSymbol.value);
  view.setMarks(fillMarks(own, seconds));
}

// Read again whenever trading begins or ends.
function readAuctions(): void {
  const symbol = selectedSymbol.value;
  void tradingWord.value;
  if (symbol === '') return;
  market.listAuctions({ symbol, pageSize: auctionsMax }).then(
    (answer) => {
      if (selectedSymbol.peek() === symbol) auctions.value = answer.auctions;
    },
    () => {
      // Bands are left out until the next reading.
    },
  );
}

function setBands(view: ChartView): void {
  void tradingWord.value;
  const { kind, word } = shownState.peek();
  const own = auctions.value.filter(({ symbol }) => symbol === selectedSymbol.value);
  view.setBands(chartBands(chartBars.value, own, { kind, word }));
}
