import { computed, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { timeText } from '../../figures/time-text.ts';
import { openSheet } from '../../frame/sheets.ts';
import { shownState } from '../../frame/shown-state.ts';
import { onCommand } from '../../keyboard/commands.ts';
import { type TimeFrame, timeFrames } from '../../router/route.ts';
import { go } from '../../router/router.ts';
import { nowMs, zone } from '../../store/market-clock.ts';
import { selectedSymbol, selectedTimeFrame } from '../../store/selection.ts';
import { isTapeLoaded, tape } from '../../store/tape.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import './chart.css';
import { chartBars, chartFailure, drawIn } from './chart-drawing.ts';
import { readChartByKey } from './chart-keys.ts';
import { ChartOrders } from './chart-orders.tsx';
import { BarTable } from './chart-table.tsx';
import type { ChartView } from './chart-view.ts';
import { IndicatorLegend } from './indicator-legend.tsx';
import { fewBars } from './opening-frame.ts';

const isTable = signal(false);
const hasNoTrades = computed(
  () => isTapeLoaded.value && tape.value.entries.length === 0 && chartBars.value.length === 0,
);
const view = signal<ChartView | undefined>(undefined);

/** The chart of the selected symbol: candles, volume, up to three indicators, own orders as lines and fills as marks. */
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
    <Panel name="Chart" class="chart" head={<Frames />} aside={<Switches />}>
      <div class="chart-canvas">
        <div
          ref={element}
          class="drawn"
          role="application"
          aria-roledescription="chart"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows go from candle to candle
          tabIndex={0}
          onKeyDown={(event) => readChartByKey(event.key, view.peek()) && event.preventDefault()}
          aria-label={`Candles of ${selectedSymbol.value}${stateWords()}; arrows go from one to the next, Enter says all of one`}
        />
        {hasNoTrades.value && <p class="chart-empty dim">No trades yet. The first one begins a candle.</p>}
        {view.value !== undefined && <ChartOrders view={view.value} />}
        {isTable.value && <BarTable bars={chartBars.value} />}
      </div>
      <div class="chart-note">
        <IndicatorLegend />
        <FirstTrade />
        <a class="chart-credit" href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
          Chart by TradingView
        </a>
        {chartFailure.value !== '' && <b>{chartFailure}</b>}
      </div>
    </Panel>
  );
}

// Why there is so little to see: since when there is trading.
function FirstTrade() {
  const [first] = chartBars.value;
  if (first === undefined || chartBars.value.length > fewBars) return null;
  return <span>first trade {timeText(first.time * 1_000, zone.value, nowMs.peek(), 'minutes')}</span>;
}

function stateWords(): string {
  const { kind, word } = shownState.value;
  return kind === 'open' ? '' : `, shaded from the last one on: ${word.toLowerCase()}`;
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

function Switches() {
  return (
    <>
      <Button isSmall aria-haspopup="dialog" onClick={() => (openSheet.value = 'indicators')}>
        Indicators
      </Button>
      <TableSwitch />
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
  const shown = selectedTimeFrame.peek();
  const next = shown && timeFrames[timeFrames.indexOf(shown) + by];
  if (next !== undefined) showFrame(next);
}

/** The library of the chart is as large as all else together: the page shows prices before it has been read. */
function drawOnceLoaded(element: HTMLElement): () => void {
  let isGone = false;
  let end: (() => void) | undefined;
  import('./chart-view.ts').then(
    ({ createChartView }) => {
      if (isGone) return;
      view.value = createChartView(element);
      end = drawIn(element, view.value);
    },
    () => {
      chartFailure.value = 'The chart could not be loaded. Load the page again.';
    },
  );
  return () => {
    isGone = true;
    view.value = undefined;
    end?.();
  };
}
