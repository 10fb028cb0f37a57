/** Lines of indicators in a chart: those of the prices' scale among these, each other indicator in a pane of its own below. */
import {
  createTextWatermark,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  type ITextWatermarkPluginApi,
  LineSeries,
  LineStyle,
  type Time,
} from 'lightweight-charts';
import type { IndicatorChoice } from '../../store/indicator-choices.ts';
import type { ChartColours } from './chart-colours.ts';
import { choiceText, type IndicatorLine, type LinePattern, linesOf } from './indicator-lines.ts';

/** Values of all lines at a time of the chart; an empty one is none. */
type Row = { time: Time; values: readonly string[] };

/** A line, and the time of its newest value. */
type DrawnLine = IndicatorLine & { series: ISeriesApi<'Line'>; lastTime: number };
type NamedPane = { text: string; mark: ITextWatermarkPluginApi<Time>; guides: IPriceLine[] };

const styles: Record<LinePattern, LineStyle> = {
  solid: LineStyle.Solid,
  dashed: LineStyle.LargeDashed,
  dotted: LineStyle.Dotted,
};
const fontFamily = 'Archivo, sans-serif';
/** How much higher the pane of the prices is than each other. */
const pricesStretch = 4;
/** Above and below which an index of 0 to 100 is read as strong. */
const strengthGuides = [70, 30];

/** The indicators of a chart; it has none at first. */
export function createChartIndicators(chart: IChartApi) {
  let lines: DrawnLine[] = [];
  let panes: NamedPane[] = [];
  const setColours = (colours: ChartColours | undefined) => {
    for (const { series, pattern } of lines) series.applyOptions({ color: colourOf(pattern, colours) });
    for (const { mark, text, guides } of panes) {
      mark.applyOptions({ lines: [{ text, color: colours?.dim ?? 'gray', fontSize: 11, fontFamily }] });
      for (const guide of guides) guide.applyOptions({ color: colours?.edge ?? 'gray' });
    }
  };
  const setRows = (rows: readonly Row[]) => {
    for (const line of lines) {
      const points = rows.flatMap((row) => pointOf(row, line.place));
      line.series.setData(points);
      line.lastTime = Number(points.at(-1)?.time ?? Number.NEGATIVE_INFINITY);
    }
  };
  return {
    setColours,
    /** Has the lines of these choices, without values. */
    setChoices(choices: readonly IndicatorChoice[], colours: ChartColours | undefined): void {
      for (const { mark } of panes) mark.detach();
      for (const { series } of lines) chart.removeSeries(series);
      panes = [];
      lines = linesOf(choices).map((line) => {
        const isFirst = !line.isPrice && line.part === '';
        const pane = line.isPrice ? 0 : panes.length + (isFirst ? 1 : 0);
        const series = addLine(chart, line, pane);
        const choice = choices[line.choice];
        if (isFirst && choice !== undefined) panes.push(namedPane(choice, series));
        return { ...line, series, lastTime: Number.NEGATIVE_INFINITY };
      });
      chart.panes()[0]?.setStretchFactor(pricesStretch);
      setColours(colours);
    },
    setRows,
    /** Changes the newest row and adds some, oldest first; where an earlier one changed all are drawn again, as a line only grows at its end. */
    update(changed: readonly Row[], all: () => readonly Row[]): void {
      const oldest = Number(changed[0]?.time);
      if (lines.some(({ lastTime }) => oldest < lastTime)) {
        setRows(all());
        return;
      }
      for (const line of lines) {
        for (const point of changed.flatMap((row) => pointOf(row, line.place))) {
          line.series.update(point);
          line.lastTime = Number(point.time);
        }
      }
    },
  };
}

function pointOf({ time, values }: Row, place: number): { time: Time; value: number }[] {
  const value = values[place] ?? '';
  return value === '' ? [] : [{ time, value: Number(value) }];
}

// Chalk where a line is drawn through, and dim where it is broken: no hue, as those are of sides and of the person.
function colourOf(pattern: LinePattern, colours: ChartColours | undefined): string {
  return (pattern === 'dashed' ? colours?.dim : colours?.chalk) ?? 'gray';
}

function addLine(chart: IChartApi, { pattern }: IndicatorLine, pane: number): ISeriesApi<'Line'> {
  const options = {
    lineWidth: 1 as const,
    lineStyle: styles[pattern],
    lastValueVisible: false,
    priceLineVisible: false,
    crosshairMarkerVisible: false,
  };
  return chart.addSeries(LineSeries, options, pane);
}

function namedPane(choice: IndicatorChoice, series: ISeriesApi<'Line'>): NamedPane {
  const pane = series.getPane();
  pane.setStretchFactor(1);
  const isStrength = choice.kind === 'rsi';
  if (isStrength)
    series.applyOptions({ autoscaleInfoProvider: () => ({ priceRange: { minValue: 0, maxValue: 100 } }) });
  const guides = (isStrength ? strengthGuides : []).map((price) =>
    series.createPriceLine({ price, lineWidth: 1, lineStyle: LineStyle.SparseDotted, axisLabelVisible: false }),
  );
  const mark = createTextWatermark(pane, { horzAlign: 'left', vertAlign: 'top', lines: [] });
  return { text: choiceText(choice), mark, guides };
}
