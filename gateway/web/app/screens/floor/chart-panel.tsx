import { effect, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { toNumber } from '../../figures/decimal.ts';
import { figureText } from '../../figures/figure-text.ts';
import { millisOf, offsetSeconds, timeText } from '../../figures/time-text.ts';
import { onCommand } from '../../keyboard/commands.ts';
import { type TimeFrame, timeFrames } from '../../router/route.ts';
import { go } from '../../router/router.ts';
import { failureOf, failureText } from '../../rpc/failure.ts';
import { placesFor } from '../../store/instruments.ts';
import { nowMs, zone } from '../../store/market-clock.ts';
import { openOrders, ownFills } from '../../store/own-orders.ts';
import { preferences } from '../../store/preferences.ts';
import { selectedSymbol, selectedTimeFrame } from '../../store/selection.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { type Bar, frames } from './candle-bars.ts';
import './chart.css';
import { chartColours } from './chart-colours.ts';
import { followCandles } from './chart-feed.ts';
import { BarTable } from './chart-table.tsx';
import type { ChartView } from './chart-view.ts';
import { takePrice } from './draft.ts';

const isTable = signal(false);
const failure = signal('');
const bars = signal<readonly Bar[]>([]);

/** The chart of the selected symbol: candles, volume, two averages, own orders as lines and fills as marks. */
export function ChartPanel() {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => (element.current === null ? undefined : drawOnceLoaded(element.current)), []);
  useEffect(() => {
    const ends = [onCommand('shorter frame', () => moveFrame(-1)), onCommand('longer frame', () => moveFrame(1))];
    return () => {
      for (const end of ends) end();
    };
  }, []);
  return (
    <Panel name="Chart" class="chart" head={<Frames />} aside={<TableSwitch />}>
      <div class="chart-canvas">
        <div
          ref={element}
          class="drawn"
          role="img"
          aria-label={`Candles of ${selectedSymbol.value}; the table has them as figures`}
        />
        <p class="chart-note">
          <span>
            <i class="line" />
            average of 20
          </span>
          <span>
            <i class="line dashed" />
            weighted of 20
          </span>
          {failure.value !== '' && <b>{failure}</b>}
        </p>
        <a class="chart-credit" href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
          Chart by TradingView
        </a>
        {isTable.value && <BarTable bars={bars.value} />}
      </div>
    </Panel>
  );
}

function Frames() {
  return (
    <>
      <h2>Chart</h2>
      {timeFrames.map((frame) => (
        <Button key={frame} isSmall aria-pressed={frame === selectedTimeFrame.value} onClick={() => showFrame(frame)}>
          {frame}
        </Button>
      ))}
    </>
  );
}

function TableSwitch() {
  return (
    <Button
      isSmall
      aria-pressed={isTable.value}
      onClick={() => {
        isTable.value = !isTable.value;
      }}
    >
      Table
    </Button>
  );
}

function showFrame(timeFrame: TimeFrame): void {
  go({ screen: 'floor', symbol: selectedSymbol.peek(), timeFrame });
}

function moveFrame(by: number): void {
  const next = timeFrames[timeFrames.indexOf(selectedTimeFrame.peek()) + by];
  if (next !== undefined) showFrame(next);
}

/** The library of the chart is as large as all else together: the page shows prices before it has been read. */
function drawOnceLoaded(element: HTMLElement): () => void {
  let isGone = false;
  let end: (() => void) | undefined;
  import('./chart-view.ts').then(
    ({ createChartView }) => {
      if (!isGone) end = drawIn(element, createChartView(element));
    },
    () => {
      failure.value = 'The chart could not be loaded. Load the page again.';
    },
  );
  return () => {
    isGone = true;
    end?.();
  };
}

// Everything here runs outside of the components: the chart paints itself.
function drawIn(element: HTMLElement, view: ChartView): () => void {
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
    view.setBars(bars.peek());
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
        failure.value = '';
        bars.value = next;
        view.setBars(next);
      },
      onBar: (bar) => view.update(bar),
      onFailure(error) {
        failure.value = failureText(failureOf(error));
      },
    }),
    effect(() => setLines(view)),
    effect(() => setMarks(view)),
  ];
  return () => {
    for (const end of ends) end();
    scheme.removeEventListener('change', paint);
    element.removeEventListener('click', take);
    view.remove();
  };
}

function setFormat(view: ChartView): void {
  const shown = zone.value;
  const places = placesFor(selectedSymbol.value).price;
  const text = (seconds: number) =>
    timeText(
      seconds * 1_000,
      shown,
      nowMs.peek(),
      frames[selectedTimeFrame.peek()].seconds < 60 ? 'seconds' : 'minutes',
    );
  view.setFormat({ places, timeText: text, shiftSeconds: offsetSeconds(Date.now(), shown) });
  view.setBars(bars.peek());
}

function setLines(view: ChartView): void {
  const own = openOrders.value.filter(({ symbol }) => symbol === selectedSymbol.value);
  const lines = own.map((order) => ({
    price: toNumber(order.stopPrice || order.limitPrice),
    title: `${order.side === Side.SELL ? 'Sell' : 'Buy'} ${figureText(order.quantity, { trimmed: true })}`,
    isYours: true,
  }));
  view.setLines(lines.filter(({ price }) => Number.isFinite(price)));
}

function setMarks(view: ChartView): void {
  const { seconds } = frames[selectedTimeFrame.value];
  const own = ownFills.value.filter(({ symbol }) => symbol === selectedSymbol.value);
  const marks = own.map(({ time, side, quantity }) => ({
    time: Math.floor((millisOf(time) ?? 0) / 1_000 / seconds) * seconds,
    isBuy: side !== Side.SELL,
    text: figureText(quantity, { trimmed: true }),
  }));
  view.setMarks(marks.toReversed());
}
