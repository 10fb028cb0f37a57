import { figureText } from '../../figures/figure-text.ts';
import { timeText } from '../../figures/time-text.ts';
import { placesFor } from '../../store/instruments.ts';
import { nowMs, zone } from '../../store/market-clock.ts';
import { preferences } from '../../store/preferences.ts';
import { selectedSymbol } from '../../store/selection.ts';
import type { Bar } from './candle-bars.ts';
import { barPrecision } from './chart-drawing.ts';
import { indicatorRows } from './indicator-feed.ts';
import { linesOf, lineText, valueText } from './indicator-lines.ts';

const rowsMax = 100;

/** The newest candles as figures, with the values of the indicators, for who does not see the chart. */
export function BarTable({ bars }: { bars: readonly Bar[] }) {
  const { price, average } = placesFor(selectedSymbol.value);
  const { indicators } = preferences.value;
  const lines = linesOf(indicators).flatMap((line) => {
    const choice = indicators[line.choice];
    return choice === undefined ? [] : [{ ...line, kind: choice.kind, name: lineText(choice, line) }];
  });
  const values = new Map(indicatorRows.value.map((row) => [row.time, row.values]));
  const cell = (value: number) => figureText(value.toFixed(price));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by the keyboard
    <section class="panel panel-body chart-rows" aria-label="Candles as a table" tabIndex={0}>
      <table class="chart-table">
        <thead>
          <tr>
            {['Time', 'Open', 'High', 'Low', 'Close', 'Volume', ...lines.map(({ name }) => name)].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {bars
            .slice(-rowsMax)
            .reverse()
            .map((bar) => (
              <tr key={bar.time}>
                <td>{timeText(bar.time * 1_000, zone.value, nowMs.peek(), barPrecision.value)}</td>
                <td>{cell(bar.open)}</td>
                <td>{cell(bar.high)}</td>
                <td>{cell(bar.low)}</td>
                <td>{cell(bar.close)}</td>
                <td>{figureText(String(bar.volume), { places: 0 })}</td>
                {lines.map(({ place, kind }) => (
                  <td key={place}>{valueText(values.get(bar.time)?.[place], kind, average)}</td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}
