import { placesFor } from '../../store/instruments.ts';
import { preferences } from '../../store/preferences.ts';
import { selectedSymbol } from '../../store/selection.ts';
import { indicatorFailure, indicatorRows } from './indicator-feed.ts';
import { choiceText, linesOf, valueText } from './indicator-lines.ts';

/** The indicators by name, with the pattern and the latest value of each line. */
export function IndicatorLegend() {
  const { indicators } = preferences.value;
  const lines = linesOf(indicators);
  const last = indicatorRows.value.at(-1);
  const { average } = placesFor(selectedSymbol.value);
  return (
    <>
      <ul class="chart-legend" aria-label="Indicators">
        {indicators.map((choice, index) => (
          <li key={`${index} ${choiceText(choice)}`}>
            {choiceText(choice)}{' '}
            {lines
              .filter((line) => line.choice === index)
              .map(({ part, pattern, place }) => (
                <span key={part}>
                  <i class={`line ${pattern}`} />
                  {part !== '' && <span class="dim">{part} </span>}
                  <span class="figure">{valueText(last?.values[place], choice.kind, average)}</span>{' '}
                </span>
              ))}
            {last !== undefined && last.values[firstPlace(lines, index)] === '' && 'too few candles'}
          </li>
        ))}
      </ul>
      {indicatorFailure.value !== '' && <b>Indicators are old. {indicatorFailure}</b>}
    </>
  );
}

function firstPlace(lines: ReturnType<typeof linesOf>, choice: number): number {
  return lines.find((line) => line.choice === choice)?.place ?? 0;
}
