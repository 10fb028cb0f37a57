import { computed, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { timeText } from '../../figures/time-text.ts';
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

const isTable = signal(false);
// Below so many bars it is said since when there is trading.
const fewBars = 20;
const hasNoTrades = computed(
  () => isTapeLoaded.value && tape.value.entries.length === 0 && chartBars.value.length === 0,
);
const view = signal<ChartView | undefined>(undefined);

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
          role="application"
          aria-roledescription="chart"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows go from candle to candle
          tabIndex={0}
          onKeyDown={(event) => readChartByKey(event.key, view.peek()) && event.preventDefault()}
          aria-label={`Candles of ${selectedSymbol.value}${stateWords()}; arrows go from one to the next, Enter says all of one`}
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
          <a class="chart-credit" href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
            Chart by TradingView
          </a>
          <FirstTrade />
          {chartFailure.value !== '' && <b>{chartFailure}</b>}
        </p>
        {hasNoTrades.value && <p class="chart-empty dim">No trades yet. The first one begins a candle.</p>}
        {view.value !== undefined && <ChartOrders view={view.value} />}
        {isTable.value && <BarTable bars={chartBars.value} />}
      </div>
    </Panel>
  );
}

// Why there is so little to see.
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
