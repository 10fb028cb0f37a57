/** The lines of chosen indicators: what they are called, how they are drawn, and what they say. */
import { figureText } from '../../figures/figure-text.ts';
import { type IndicatorChoice, indicatorKinds } from '../../store/indicator-choices.ts';

/** How a line is drawn: lines of one pane differ by it, never by colour alone. */
export type LinePattern = 'solid' | 'dashed' | 'dotted';

/** A line of the chart. */
export type IndicatorLine = {
  /** Place of its values in a row. */
  place: number;
  /** Place of its indicator among the chosen. */
  choice: number;
  /** Name beside its indicator's, such as `upper`; empty: it is the first line. */
  part: string;
  pattern: LinePattern;
  /** Whether it has the prices' scale; else its indicator has a pane of its own. */
  isPrice: boolean;
};

const patterns: readonly LinePattern[] = ['solid', 'dashed', 'dotted'];
const parts: Partial<Record<IndicatorChoice['kind'], readonly string[]>> = {
  bollinger: ['', 'upper', 'lower'],
  macd: ['', 'signal', 'distance'],
};
const ownScale: readonly IndicatorChoice['kind'][] = ['rsi', 'macd', 'atr'];

/** The lines of all choices, in the order of a row's values. */
export function linesOf(choices: readonly IndicatorChoice[]): IndicatorLine[] {
  const lines = choices.flatMap(({ kind }, choice) =>
    (parts[kind] ?? ['']).map((part, index) => {
      // Bands differ by their place, the lines of a pane of their own by their patterns.
      const pattern = patterns[kind === 'macd' ? index : choice] ?? 'solid';
      return { choice, part, pattern, isPrice: !ownScale.includes(kind) };
    }),
  );
  return lines.map((line, place) => ({ ...line, place }));
}

/** An indicator's name with its numbers: `SMA 20`, `MACD 12, 26, 9`, `Bollinger 20, 2.0`. */
export function choiceText({ kind, ...numbers }: IndicatorChoice): string {
  const { name, fields } = indicatorKinds[kind];
  const texts = fields.map(({ field }) =>
    field === 'widthTenths' ? (numbers[field] / 10).toFixed(1) : numbers[field],
  );
  return `${name} ${texts.join(', ')}`;
}

/** The name of a line: that of its indicator, and its part. */
export function lineText(choice: IndicatorChoice, { part }: IndicatorLine): string {
  return part === '' ? choiceText(choice) : `${choiceText(choice)} ${part}`;
}

/** A value as it is written: of prices by two places more than the tick, as averages are; of an index of 0 to 100 by two; a dash for none. */
export function valueText(value: string | undefined, kind: IndicatorChoice['kind'], averagePlaces: number): string {
  const places = kind === 'rsi' ? 2 : averagePlaces;
  return figureText(value, { places });
}
